"""What operators see and do: health, readiness, metrics, logs without secrets, SIGTERM."""

import asyncio
import json
import re
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.builds.job import JobState
from bot.sandbox.faults import DropAnswer, Freeze
from tests.flows.flows_served import Served, served
from tests.flows.flows_stage import LEVEL_3, Stage, eventually

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)
HTTP = pytest.mark.parametrize("mode", ["http"], indirect=True)


async def test_a_bot_that_is_well_says_so(stage: Stage) -> None:
    assert await stage.get("/healthz") == (200, '{"ok": true}')
    status, body = await stage.get("/readyz")
    assert (status, json.loads(body)) == (200, {"ready": True, "troubles": []})


@SOCKET
async def test_a_bot_that_slack_cannot_reach_is_not_ready(stage: Stage) -> None:
    sockets = stage.sandbox.slack.sockets
    # It may not come back while this looks.
    stage.sandbox.slack.faults.add("apps.connections.open", times=None, act=DropAnswer())
    await sockets.cut()

    async def unready() -> bool:
        return (await stage.get("/readyz"))[0] == 503

    await eventually(unready)
    assert "no open Socket Mode connection" in (await stage.get("/readyz"))[1]
    assert (await stage.get("/healthz"))[0] == 200


@HTTP
async def test_a_bot_on_another_schema_is_not_ready(stage: Stage) -> None:
    async with stage.app.store.database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    status, body = await stage.get("/readyz")
    assert status == 503
    assert "python -m bot migrate" in body


@HTTP
async def test_metrics_move_with_what_happens(stage: Stage) -> None:
    await stage.build()
    await stage.build('/build 543988 "No such"')
    await stage.say("/build 543988")
    _, metrics = await stage.get("/metrics")
    figures = dict(re.findall(r"(?m)^(bot_\w+(?:\{.*\})?) (\S+)$", metrics))
    assert figures['bot_jobs{state="ready"}'] == "1.0"
    assert figures['bot_jobs{state="rejected"}'] == "1.0"
    assert figures['bot_commands_total{command="/build",result="accepted"}'] == "2.0"
    assert figures['bot_commands_total{command="/build",result="usage"}'] == "1.0"
    assert float(figures["bot_ack_seconds_count"]) >= 3
    called = 'bot_playcanvas_call_seconds_count{result="ok",route="POST /apps/download"}'
    assert figures[called] == "1.0"
    assert figures['bot_slack_calls_total{method="chat.postMessage",result="ok"}'] == "2.0"
    assert float(figures['bot_budget_wait_seconds_count{rate_class="strict"}']) >= 1
    assert figures["bot_outbox_pending"] == "0.0"
    assert figures["bot_outbox_age_seconds"] == "0.0"
    assert figures["bot_reply_lag_seconds_count"] == "1.0"


@HTTP
async def test_states_that_are_empty_again_count_none(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    assert 'bot_jobs{state="running"} 1.0' in (await stage.get("/metrics"))[1]
    stage.finish_exports()
    await stage.settled()
    assert 'bot_jobs{state="running"} 1.0' not in (await stage.get("/metrics"))[1]


@SOCKET
async def test_the_outbox_grows_old_while_slack_says_nothing(stage: Stage) -> None:
    held = stage.sandbox.slack.faults.add("chat.*", times=None, act=Freeze())
    await stage.say(LEVEL_3)
    await held.hit.wait()
    _, metrics = await stage.get("/metrics")
    assert "bot_outbox_pending 1.0" in metrics
    assert "bot_outbox_age_seconds 0.0\n" not in metrics
    held.release()
    await stage.settled()


async def test_a_served_bot_tells_no_secret_and_goes_on_after_sigterm(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """One process for all of it, as each takes seconds to start; this one migrates by itself."""
    _ = sqlite_template
    more = {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG"}
    async with served(tmp_path, "http", more) as stage:
        slack, playcanvas = stage.sandbox.slack, stage.sandbox.playcanvas
        playcanvas.faults.add("projects/*/scenes", act=DropAnswer())
        slack.faults.add("chat.postMessage", act=DropAnswer())
        await stage.say('/build 543988 "Broken Shaders"')
        await stage.say("/build 543988 Endless")
        await eventually(lambda: _all_shown(stage, "failed after", "building"))
        began = time.monotonic()
        assert await stage.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 10
        await stage.start()
        stage.finish_exports()
        await stage.settled()
        assert stage.states == [JobState.FAILED, JobState.READY]
        assert stage.posted() == 4
        _, metrics = await stage.get("/metrics")
        _tells_no_secret(stage, metrics)
        _tells_which_job(stage)
        # A request in hand that never ends holds nobody up either.
        playcanvas.faults.add("jobs/*", times=None, act=Freeze())
        slack.faults.add("chat.*", times=None, act=Freeze())
        await stage.say('/build 543988 "Level 3"')
        await asyncio.wait_for(slack.faults.rules[-1].hit.wait(), 10)
        began = time.monotonic()
        assert await stage.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 10


def _all_shown(stage: Served, *words: str) -> bool:
    return all(any(each in card.text for card in stage.cards()) for each in words)


def _tells_no_secret(stage: Served, metrics: str) -> None:
    slack = stage.sandbox.slack
    secrets = [slack.bot_token, slack.app_token, slack.signing_secret]
    secrets += [stage.sandbox.playcanvas.token, stage.sandbox.applivery.token]
    links = [job.key for job in stage.sandbox.playcanvas.jobs.all.values()]
    assert len(links) == 2
    hooks = list(slack.core.hooks._hooks)
    assert len(hooks) == 2
    for each in [*secrets, *links, *hooks]:
        assert each not in stage.logged
        assert each not in metrics
    kept = b"".join(path.read_bytes() for path in stage.folder.glob("bot.db*"))
    for each in secrets:
        assert each.encode() not in kept


def _tells_which_job(stage: Served) -> None:
    """Every line is JSON; whatever is about a job has its number."""
    lines = [json.loads(line) for line in stage.logged.splitlines()]
    about = {"moved", "asked for", "no answer", "maybe sent", "slack refuses", "slack is busy"}
    met = {line["event"] for line in lines} & about
    assert met >= {"moved", "asked for", "maybe sent"}
    assert all(isinstance(line.get("job"), int) for line in lines if line["event"] in about)
    assert {line["level"] for line in lines} & {"error", "critical"} == set()
    moved = [(line["job"], line["after"]) for line in lines if line["event"] == "moved"]
    assert moved[-1][1] in {JobState.READY, JobState.FAILED}
