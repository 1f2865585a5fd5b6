"""What operators see: health, readiness, metrics, and a stop that ends in time."""

import json
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from bot.sandbox.faults import DropAnswer, Freeze
from bot.sandbox.house import Sandbox
from bot.sandbox.slack.demo import BUILDS, PROGRAMMER
from bot.workers import loop
from tests.flows.flows_stage import BOTH_WAYS, LEVEL_3, Stage, bot_in, eventually, unhurried

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)


@BOTH_WAYS
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


async def test_a_bot_on_another_schema_is_not_ready(stage: Stage) -> None:
    older = text("UPDATE alembic_version SET version_num = 'older'")
    await stage.app.store.database.carry_out(older)
    status, body = await stage.get("/readyz")
    assert status == 503
    assert "python -m bot migrate" in body


@pytest.mark.parametrize(
    ("trouble", "over", "sentence"),
    [
        ("max_page_count = 1", "max_page_count = 1000000", "The disk is full"),
        ("query_only = on", "query_only = off", "The database file cannot be written"),
    ],
)
async def test_who_asks_hears_when_nothing_can_be_written_and_it_passes(
    stage: Stage, trouble: str, over: str, sentence: str
) -> None:
    pragma = [trouble]

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA {pragma[0]}")

    long = f'{LEVEL_3} description="{"x" * 9_000}"'
    event.listen(Engine, "begin", begun)
    try:
        await stage.say(long)
        assert "nothing was started" in stage.told()[-1]
        status, body = await stage.get("/readyz")
        assert status == 503
        assert sentence in body
        pragma[0] = over
        assert (await stage.get("/readyz"))[0] == 200
        await stage.build(long)
    finally:
        event.remove(Engine, "begin", begun)
    assert stage.one_reply()
    assert stage.failures() == []


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


async def test_a_stop_does_not_wait_for_answers_that_never_come(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_SHUTDOWN", timedelta(seconds=0.2))
    async with Sandbox() as sandbox:
        unhurried(sandbox)
        held = sandbox.playcanvas.faults.add("jobs/*", times=None, act=Freeze())
        async with bot_in(sandbox, database):
            await sandbox.slack.say(PROGRAMMER, BUILDS, "/build 543988 Endless")
            await held.hit.wait()
            began = time.monotonic()
        assert time.monotonic() - began < 3
