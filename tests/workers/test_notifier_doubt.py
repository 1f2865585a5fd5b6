"""A post that was maybe sent: looked for at Slack's pace, or as the setting has it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import aiohttp
import pytest

from bot.builds.build_facts import BuildFacts
from bot.builds.job import Asker, Job
from bot.builds.link_request import LinkRequest
from bot.builds.outcome import Unwatched
from bot.builds.transition import end
from bot.sandbox.faults import DropAnswer, Freeze
from bot.sandbox.slack.demo import BUILDS, PROGRAMMER
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import Json
from bot.slack.manifest import manifest
from bot.store.link import NewLink, Purpose
from tests.flows.flows_stage import eventually
from tests.workers.workers_room import LEVEL_3, PATIENCE, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POST, HISTORY = "chat.postMessage", "conversations.history"


def said(shop: Workshop) -> list[Message]:
    return list(shop.house.slack.workspace.channels[BUILDS].messages.values())


async def step_when_due(shop: Workshop, *, resends: bool = True) -> None:
    due = await shop.store.outbox.next_due()
    assert due is not None
    shop.clock.now = max(due, shop.clock())
    await shop.do(shop.notifier(resends=resends))


def take_leave_to_read(shop: Workshop) -> None:
    core = shop.house.slack.core
    core.installation = replace(core.installation, scopes=_scopes(manifest(None)))


def _scopes(app: Json) -> frozenset[str]:
    return frozenset(app["oauth_config"]["scopes"]["bot"]) - {"channels:history"}


@pytest.mark.parametrize(("resends", "cards", "doubt"), [(True, 2, "unknown"), (False, 1, "left")])
async def test_a_setting_says_what_becomes_of_what_cannot_be_looked_up(
    shop: Workshop, *, resends: bool, cards: int, doubt: str
) -> None:
    take_leave_to_read(shop)
    shop.house.slack.faults.add(POST, act=DropAnswer())
    await shop.running()
    # What runs is never done being told of.
    while (await shop.store.outbox.backlog())[0]:
        await step_when_due(shop, resends=resends)
    job = await shop.job()
    assert await shop.store.jobs.record(job, end(job, Unwatched("U1")), shop.clock())
    while await shop.store.outbox.next_due():
        await step_when_due(shop, resends=resends)
    assert len([each for each in said(shop) if not each.is_reply]) == cards
    assert set(shop.doubts) == {doubt}
    # Without a card that is known to stand, who asked hears alone how it ended.
    alone = [str(each.body) for each in shop.house.slack.books.responses]
    assert any("no longer watched" in each for each in alone) != resends


async def test_what_comes_after_the_time_out_is_waited_for(
    shop: Workshop,
) -> None:
    held = shop.house.slack.faults.add(POST, act=Freeze())
    await shop.queued()
    usual = shop.session
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as hasty:
        shop.session = hasty
        await shop.do(shop.notifier())
    shop.session = usual
    due = await shop.store.outbox.next_due()
    assert due == shop.clock() + timedelta(seconds=35)
    held.release()
    await eventually(lambda: said(shop))
    await step_when_due(shop)
    assert len(said(shop)) == 1
    assert shop.doubts == ["found"]


async def test_look_ups_have_a_pace_of_their_own_in_all_channels(shop: Workshop) -> None:
    channels = shop.house.slack.workspace.channels
    others = [each for each in channels if each != BUILDS]
    for channel in channels.values():
        channel.bot_in = True
    for n, channel_id in enumerate((BUILDS, *others)):
        await shop.queued(LEVEL_3, f"trigger-{n}", channel_id, anyway=True)
    shop.house.slack.faults.add(POST, times=len(others) + 1, act=DropAnswer())
    while await shop.store.outbox.next_due():
        await step_when_due(shop)
    at = [call.at for call in shop.house.slack.books.of(HISTORY)]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert len(gaps) == len(others)
    assert min(gaps) >= timedelta(seconds=1.2)
    assert shop.doubts == ["found"] * len(at)


@pytest.mark.parametrize("in_thread", [False, True])
async def test_it_is_found_behind_pages_of_talk(shop: Workshop, *, in_thread: bool) -> None:
    drop = shop.house.slack.faults.add
    if in_thread:
        await shop.running()
        await step_when_due(shop)
        drop(POST, act=DropAnswer())
        job = await shop.job()
        assert await shop.store.jobs.record(job, end(job, Unwatched("U1")), shop.clock())
        while len(said(shop)) == 1:
            await step_when_due(shop)
    else:
        drop(POST, act=DropAnswer())
        await shop.queued()
        await step_when_due(shop)
    before = said(shop)
    talk(shop, before[0].ts if in_thread else None)
    while not shop.doubts:
        await step_when_due(shop)
    assert shop.doubts == ["found"]
    look_up = "conversations.replies" if in_thread else HISTORY
    assert len(shop.house.slack.books.of(look_up)) > 1
    assert len(shop.house.slack.books.granted(POST)) == len(before)


def talk(shop: Workshop, thread_ts: str | None) -> None:
    """Let people say more than a page holds; replies come oldest first, history newest first."""
    core = shop.house.slack.core
    channel = core.workspace.channels[BUILDS]
    for n in range(450):
        core.posting.post(channel, PROGRAMMER, {"text": f"line {n}", "thread_ts": thread_ts})
    if thread_ts is not None:
        found = next(each for each in said(shop) if each.is_reply and each.user != PROGRAMMER)
        found.ts = core.stamps.next()


async def test_what_was_held_up_since_its_claim_is_not_sent_under_that_lease(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.queued()
    read = shop.store.families.children

    async def slow(job: Job) -> tuple[Job, ...]:
        shop.clock.advance(11)
        monkeypatch.undo()
        return await read(job)

    # A database that lets a reader wait: another may have taken over before Slack has the post.
    monkeypatch.setattr(shop.store.families, "children", slow)
    await shop.do(shop.notifier())
    assert shop.house.slack.books.of(POST) == []
    await step_when_due(shop)
    assert len(said(shop)) == 1
    assert shop.doubts == []


async def test_a_post_for_everyone_that_was_held_up_waits_for_the_next_lease(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, build = "a" * 24, "b" * 24
    asker, request = Asker("T1", BUILDS, PROGRAMMER), LinkRequest(app, build)
    wish = NewLink("press-1", request, asker, PATIENCE, Purpose.POST)
    await shop.store.links.add(wish, shop.clock())
    link = await shop.store.links.claim("linker", shop.clock())
    assert link is not None
    await shop.store.posts.add(link, BuildFacts(app, build, "Fruit", platform="ios"), shop.clock())
    read = shop.store.apps.name_of

    async def slow(app_id: str) -> str | None:
        shop.clock.advance(11)
        monkeypatch.undo()
        return await read(app_id)

    monkeypatch.setattr(shop.store.apps, "name_of", slow)
    await shop.do(shop.notifier())
    assert said(shop) == []
    await step_when_due(shop)
    assert len(said(shop)) == 1
