"""What hangs on a running build: its age on the card, and a question when it takes too long."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.builds.job import JobState
from bot.builds.outcome import Ready
from bot.builds.rights import Rights
from bot.builds.transition import end
from bot.sandbox.faults import DropAnswer
from bot.sandbox.slack.demo import BUILDS, PROGRAMMER, TESTER
from bot.sandbox.slack.messages import Message
from bot.slack.listeners import steering
from bot.slack.listeners.asked import Desk
from bot.slack.messages.nudge import KEEP_WAITING, START_AGAIN
from bot.store.tables import jobs
from tests.workers.workers_room import ENDLESS, PATIENCE, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# They are #2 to #6.
TOOK = (40, 45, 52, 60, 70)


def said(shop: Workshop) -> list[Message]:
    return list(shop.house.slack.workspace.channels[BUILDS].messages.values())


def asked(nudge: Message) -> list[str]:
    rows = [block["elements"] for block in nudge.blocks or [] if block["type"] == "actions"]
    return [each["action_id"] for row in rows for each in row]


def desk(shop: Workshop, rights: Rights | None = None) -> Desk:
    return Desk(shop.store, shop.clock, lambda *_: None, PATIENCE, rights or Rights())


async def tell_all(shop: Workshop) -> None:
    while (await shop.store.outbox.backlog())[0]:
        due = await shop.store.outbox.next_due()
        assert due is not None
        shop.clock.now = max(due, shop.clock())
        await shop.notifier().step(shop.clock())


async def take_long(shop: Workshop, *, lost: bool = False) -> list[Message]:
    """Let a build with a history run for six minutes, and look at it; return what was said."""
    job = await shop.running(ENDLESS, "past")
    assert await shop.store.jobs.record(job, end(job, Ready("https://x.example/z")), shop.clock())
    database = shop.store.database
    [past] = await database.rows(select(jobs))
    for number, seconds in enumerate(TOOK, 2):
        took = {"finished_at": past["started_at"] + timedelta(seconds=seconds)}
        alike = {**past, **took, "id": number, "intake_key": f"past-{number}"}
        await database.carry_out(insert(jobs).values(alike))
    await database.carry_out(update(jobs).where(jobs.c.id == 1).values(series=None))
    await tell_all(shop)
    before = len(said(shop))
    await shop.running(ENDLESS, "long", anyway=True)
    await tell_all(shop)
    if lost:
        shop.house.slack.faults.add("chat.postMessage", act=DropAnswer())
    for seconds in (360, 30):
        shop.clock.advance(seconds)
        await shop.do(shop.poller())
        await tell_all(shop)
    return said(shop)[before:]


async def test_the_age_is_edited_in_steps_as_long_as_it_runs(shop: Workshop) -> None:
    job = await shop.running()
    shown = []
    for _ in range(4):
        await shop.do(shop.notifier())
        shown.append(said(shop)[0].text.splitlines()[0].partition("— ")[2])
        shop.clock.now = await shop.store.outbox.next_due() or shop.clock()
    assert shown == ["building", "building · 10 s", "building · 20 s", "building · 30 s"]
    assert await shop.store.jobs.record(job, end(job, Ready("https://x")), shop.clock())
    await tell_all(shop)
    assert "· 30 s" not in said(shop)[0].text
    assert await shop.store.outbox.next_due() is None


async def test_one_question_in_the_thread_that_goes_when_it_is_answered(shop: Workshop) -> None:
    card, nudge = await take_long(shop)
    assert nudge.text == f"<@{PROGRAMMER}> Still running after 6m 01s, usually 42–65 s."
    assert (nudge.thread_ts, nudge.is_broadcast) == (card.ts, False)
    assert asked(nudge) == [KEEP_WAITING, START_AGAIN]
    job = await shop.job(7)
    nobody = Rights(people=frozenset({PROGRAMMER}))
    assert await steering.keep_waiting(desk(shop, nobody), job, replace(job.asker, user_id=TESTER))
    assert await shop.store.outbox.backlog() == (0, None)
    assert await steering.keep_waiting(desk(shop), job, job.asker) is None
    await tell_all(shop)
    assert (nudge.text[-3:], asked(nudge)) == (" s.", [])
    assert len(said(shop)) == 4


async def test_start_again_is_one_start_and_leaves_the_old_one(shop: Workshop) -> None:
    card, nudge = await take_long(shop)
    job = await shop.job(7)
    presses = [await steering.start_again(desk(shop), job, job.asker, f"t-{n}") for n in range(2)]
    assert [getattr(each, "id", None) for each in presses] == [8, 8]
    assert (await shop.job(7)).state is JobState.UNWATCHED
    again = await steering.start_again(desk(shop), await shop.job(7), job.asker, "t-3")
    assert "already over" in getattr(again, "text", "")
    await tell_all(shop)
    assert asked(nudge) == []
    assert f"Stopped by <@{PROGRAMMER}>, started again as #8." in card.text


async def test_who_may_not_stop_it_starts_another_beside_it(shop: Workshop) -> None:
    _, nudge = await take_long(shop)
    job = await shop.job(7)
    rights = Rights(admins=frozenset({PROGRAMMER}))
    presser = replace(job.asker, user_id=TESTER)
    added = await steering.start_again(desk(shop, rights), job, presser, "t-1")
    assert getattr(added, "id", None) == 8
    assert (await shop.job(7)).state is JobState.RUNNING
    await tell_all(shop)
    assert asked(nudge) == []


async def test_a_question_that_was_maybe_asked_is_asked_once(shop: Workshop) -> None:
    _, nudge = await take_long(shop, lost=True)
    assert asked(nudge) == [KEEP_WAITING, START_AGAIN]
    assert shop.doubts == ["found"]
