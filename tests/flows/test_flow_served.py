"""The real command line: killed at the worst moments, told to stop, and read over its shoulder."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from bot.builds.job import JobState
from bot.sandbox.faults import Call, DropAnswer, Faults, Freeze
from bot.sandbox.slack.demo import ART, BUILDS, GENERAL
from bot.sandbox.slack.messages import Message
from tests.flows.flows_served import Served, served
from tests.flows.flows_stage import eventually

LEVEL_3, ENDLESS = '/build 543988 "Level 3"', "/build 543988 Endless"


async def killed_after_the_ack(stage: Served, channel: str) -> None:
    held = stage.sandbox.playcanvas.faults.add("projects/*/scenes", act=Freeze())
    await stage.say(LEVEL_3, channel)
    assert "accepted: looking up Level 3" in stage.told()[-1]
    await held.hit.wait()
    await stage.kill()
    assert stage.said(channel) == []
    assert stage.states[-1] == JobState.ACCEPTED


async def killed_before_submitting(stage: Served, channel: str) -> None:
    """The intention is committed, the request never gets there."""
    held = stage.sandbox.playcanvas.faults.add("apps/download", act=Freeze())
    await stage.say(LEVEL_3, channel)
    await held.hit.wait()
    await stage.kill()
    assert stage.states[-1] == JobState.SUBMITTING


async def killed_while_submitting(stage: Served, channel: str) -> None:
    """The request has got there, its answer never gets back: an orphan at PlayCanvas."""
    dead = _kill_at(stage, stage.sandbox.playcanvas.faults, "apps/download")
    await stage.say(LEVEL_3, channel)
    await dead.wait()
    assert stage.states[-1] == JobState.SUBMITTING


async def killed_while_running(stage: Served, channel: str) -> None:
    await stage.say(ENDLESS, channel)
    await stage.shows("building", channel)
    dead = _kill_at(stage, stage.sandbox.playcanvas.faults, "jobs/*")
    await dead.wait()
    stage.finish_exports()
    assert stage.states[-1] == JobState.RUNNING


async def killed_after_the_card_was_taken(stage: Served, channel: str) -> None:
    dead = _kill_at(stage, stage.sandbox.slack.faults, "chat.postMessage")
    await stage.say(LEVEL_3, channel)
    await dead.wait()
    assert len(stage.cards(channel)) == 1
    assert stage.read("SELECT ts FROM notices WHERE kind = 'card'")[-1] == (None,)


async def killed_after_the_reply_was_taken(stage: Served, channel: str) -> None:
    await stage.say(ENDLESS, channel)
    await stage.shows("building", channel)
    dead = _kill_at(stage, stage.sandbox.slack.faults, "chat.postMessage")
    stage.finish_exports()
    await dead.wait()
    assert len(stage.replies(channel)) == 1
    assert stage.read("SELECT ts FROM notices WHERE kind = 'reply'")[-1] == (None,)


WATCHED = {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG"}
Killed = Callable[[Served, str], Awaitable[None]]
# Two bots are killed three times each, one by each way that Slack delivers.
LIVES: dict[str, list[Killed]] = {
    "http": [killed_after_the_ack, killed_while_submitting, killed_after_the_reply_was_taken],
    "socket": [killed_after_the_card_was_taken, killed_before_submitting, killed_while_running],
}
MOMENTS = [killed for killings in LIVES.values() for killed in killings]


@dataclass
class Aftermath:
    """What there was when all was said: read at once, as the same bot lives on."""

    state: str
    card: Message
    replies: list[Message]
    posted: int
    whispers: int
    started: list[int]
    followed: object


@dataclass
class Observed:
    """What a bot that was watched has left behind, and what must not be in it."""

    logged: str
    metrics: str
    kept: bytes
    tokens: list[str]
    links: list[str]
    states: list[str]
    told: list[str]
    posted: int
    stopped_in: float
    exit_code: int


@dataclass
class Lives:
    """What became of every process."""

    killed: dict[Killed, Aftermath]
    observed: Observed


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lives(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Lives]:
    """Live every life at the same time: most of theirs is waiting."""
    async with AsyncExitStack() as stack:

        async def live(mode: str) -> list[tuple[Killed, Aftermath]]:
            folder = tmp_path_factory.mktemp("killed")
            copy(sqlite_template, folder / "bot.db")
            stage = await stack.enter_async_context(served(folder, mode, forks=True))
            for channel in stage.sandbox.slack.workspace.channels.values():
                channel.bot_in = True
            places = zip(LIVES[mode], (BUILDS, GENERAL, ART), strict=True)
            return [(killed, await _survive(stage, killed, place)) for killed, place in places]

        watched = served(tmp_path_factory.mktemp("watched"), "http", WATCHED)
        observer = await stack.enter_async_context(watched)
        async with asyncio.TaskGroup() as group:
            observing = group.create_task(_observe(observer))
            living = [group.create_task(live(mode)) for mode in LIVES]
        killed = [pair for life in living for pair in life.result()]
        yield Lives(dict(killed), observing.result())


@pytest.mark.parametrize("killed", MOMENTS)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_killed_bot_goes_on_and_says_everything_once(lives: Lives, killed: Killed) -> None:
    after = lives.killed[killed]
    assert after.state == JobState.READY
    assert "ready in" in after.card.text
    [reply] = after.replies
    assert reply.thread_ts == after.card.ts
    assert reply.text.count("|Download zip>") == 1
    assert (after.posted, after.whispers) == (2, 1)
    assert after.followed == after.started[-1]
    assert len(after.started) == (2 if killed is killed_while_submitting else 1)


@pytest.mark.asyncio(loop_scope="module")
async def test_sigterm_ends_in_time_and_the_work_goes_on_at_the_next_start(lives: Lives) -> None:
    seen = lives.observed
    assert seen.exit_code == 0
    assert seen.stopped_in < 10
    assert seen.states == [JobState.FAILED, JobState.READY]
    assert seen.posted == 4


@pytest.mark.asyncio(loop_scope="module")
async def test_no_secret_and_no_link_is_in_logs_metrics_or_database(lives: Lives) -> None:
    seen = lives.observed
    assert (len(seen.tokens), len(seen.links)) == (5, 5)
    for secret in [*seen.tokens, *seen.links]:
        assert secret not in seen.logged
        assert secret not in seen.metrics
    for secret in seen.tokens:
        assert secret.encode() not in seen.kept


@pytest.mark.asyncio(loop_scope="module")
async def test_every_line_is_json_and_about_a_job_has_its_number(lives: Lives) -> None:
    lines = [json.loads(line) for line in lives.observed.logged.splitlines()]
    about = {"moved", "asked for", "no answer", "maybe sent", "slack refuses", "slack is busy"}
    assert {line["event"] for line in lines} & about >= {"moved", "asked for", "maybe sent"}
    assert all(isinstance(line.get("job"), int) for line in lines if line["event"] in about)
    # Bolt would warn at every start that it does not use a token.
    assert [line["event"] for line in lines if line["logger"].startswith("slack_bolt")] == []
    errors = [line["event"] for line in lines if line["level"] not in {"info", "warning"}]
    # The one that was brought about.
    assert errors == ["listener failed"]
    assert "Something broke on my side and nothing was started" in lives.observed.told[-1]


async def _observe(stage: Served) -> Observed:
    """Lose answers, break the database for a moment, stop with work in hand, start again."""
    slack, playcanvas = stage.sandbox.slack, stage.sandbox.playcanvas
    playcanvas.faults.add("projects/*/scenes", act=DropAnswer())
    slack.faults.add("chat.postMessage", act=DropAnswer())
    await stage.say('/build 543988 "Broken Shaders"')
    await stage.say(ENDLESS)
    # What a database says of its trouble repeats what it was to keep: the response_url.
    stage.write(
        "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
    )
    await stage.say(LEVEL_3)
    stage.write("DROP TRIGGER full")
    told = stage.told()
    await eventually(lambda: {"failed after", "— building"} <= _shown(stage))
    began = time.monotonic()
    exit_code = await stage.end(signal.SIGTERM)
    stopped_in = time.monotonic() - began
    await stage.start()
    stage.finish_exports()
    await stage.settled()
    _, metrics = await stage.get("/metrics")
    tokens = [slack.bot_token, slack.app_token, slack.signing_secret]
    tokens += [playcanvas.token, stage.sandbox.applivery.token]
    links = [job.key for job in playcanvas.jobs.all.values()] + list(slack.core.hooks._hooks)
    kept = b"".join(path.read_bytes() for path in stage.folder.glob("bot.db*"))
    return Observed(
        logged=stage.logged,
        metrics=metrics,
        kept=kept,
        tokens=tokens,
        links=links,
        states=stage.states,
        told=told,
        posted=stage.posted(),
        stopped_in=stopped_in,
        exit_code=exit_code,
    )


def _shown(stage: Served) -> set[str]:
    words = ("failed after", "— building")
    return {each for each in words for card in stage.cards() if each in card.text}


async def _survive(stage: Served, killed: Killed, channel: str) -> Aftermath:
    """Be killed, start again when the leases have run out, and read what became of it."""
    exports = stage.sandbox.playcanvas.jobs.all
    posted, whispers, started = stage.posted(), len(stage.told()), len(exports)
    await killed(stage, channel)
    for faults in (stage.sandbox.slack.faults, stage.sandbox.playcanvas.faults):
        faults.rules.clear()  # what is frozen stays so: nobody waits for it any more
    stage.let_leases_run_out()
    await stage.start()
    await stage.settled()
    return Aftermath(
        state=stage.states[-1],
        card=stage.one_card(channel),
        replies=stage.replies(channel),
        posted=stage.posted() - posted,
        whispers=len(stage.told()) - whispers,
        started=list(exports)[started:],
        followed=stage.read("SELECT remote_id FROM jobs")[-1][0],
    )


def _kill_at(stage: Served, faults: Faults, path: str) -> asyncio.Event:
    """Kill the bot when its next request has been carried out and not yet answered."""
    dead = asyncio.Event()

    async def kill() -> None:
        await stage.kill()
        dead.set()

    faults.add(path, act=Call(between=kill))
    return dead
