"""`kill -9` at the worst moments: one card, one reply, nothing lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from bot.builds.job import JobState
from bot.sandbox.faults import Call, Faults, Freeze
from bot.sandbox.slack.demo import ART, BUILDS, GENERAL
from bot.sandbox.slack.messages import Message
from tests.flows.flows_served import Served, served

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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def aftermaths(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[Killed, Aftermath]]:
    """Live both lives at the same time: most of theirs is waiting."""
    async with AsyncExitStack() as stack:

        async def live(mode: str) -> list[tuple[Killed, Aftermath]]:
            folder = tmp_path_factory.mktemp("killed")
            copy(sqlite_template, folder / "bot.db")
            stage = await stack.enter_async_context(served(folder, mode))
            for channel in stage.sandbox.slack.workspace.channels.values():
                channel.bot_in = True
            places = zip(LIVES[mode], (BUILDS, GENERAL, ART), strict=True)
            return [(killed, await _survive(stage, killed, place)) for killed, place in places]

        lives = await asyncio.gather(*map(live, LIVES))
        yield dict(pair for life in lives for pair in life)


@pytest.mark.parametrize("killed", MOMENTS)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_killed_bot_goes_on_and_says_everything_once(
    aftermaths: dict[Killed, Aftermath], killed: Killed
) -> None:
    after = aftermaths[killed]
    assert after.state == JobState.READY
    assert "ready in" in after.card.text
    [reply] = after.replies
    assert reply.thread_ts == after.card.ts
    assert reply.text.count("|Download zip>") == 1
    assert (after.posted, after.whispers) == (2, 1)
    assert after.followed == after.started[-1]
    assert len(after.started) == (2 if killed is killed_while_submitting else 1)


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
