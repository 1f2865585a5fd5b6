"""What is told of a running build's age waits behind everything else, and holds nothing up."""

from datetime import datetime, timedelta

import pytest

from bot.builds.outcome import Ready
from bot.builds.transition import NoticeKind, end, look_again
from bot.store import Store, lanes, outbox
from bot.store.notice import Notice
from tests.clock import Clock
from tests.store.store_room import job, running

STEP = timedelta(seconds=10)


async def _claimed(store: Store, clock: Clock) -> Notice:
    notice = await store.outbox.claim("notifier", clock())
    assert notice is not None
    return notice


async def _shown(store: Store, clock: Clock, again_at: datetime | None) -> None:
    notice = await _claimed(store, clock)
    ts = notice.ts or f"{notice.id}.1"
    await store.outbox.shown(notice, ts, clock(), again_at=again_at)


async def _ended(store: Store, clock: Clock, job_id: int) -> None:
    current = await job(store, job_id)
    await store.jobs.record(current, end(current, Ready("https://x")), clock())


async def test_an_age_is_told_when_it_has_changed_by_one_and_is_no_backlog(
    store: Store, clock: Clock
) -> None:
    await running(store, clock)
    await _shown(store, clock, clock() + STEP)
    assert await store.outbox.next_due() == clock() + STEP
    assert await store.outbox.claim("notifier", clock()) is None
    clock.now += STEP
    assert await store.outbox.backlog() == (0, None)
    assert (await _claimed(store, clock)).lane == lanes.PROGRESS
    assert await store.outbox.claim("another", clock()) is None


async def test_an_ending_never_waits_for_an_age(store: Store, clock: Clock) -> None:
    for key in ("a", "b", "c"):
        await running(store, clock, key)
        await _shown(store, clock, clock() + STEP)
        clock.advance(1)
    clock.now += STEP
    await _shown(store, clock, None)
    assert await store.outbox.claim("another", clock()) is None, "ages have a slower pace"
    clock.advance(1)
    await _ended(store, clock, 2)
    reply = await _claimed(store, clock)
    assert (reply.job_id, reply.kind) == (2, NoticeKind.REPLY)
    await store.outbox.shown(reply, "9.9", clock())
    ending = await _claimed(store, clock)
    assert (ending.job_id, ending.lane) == (2, lanes.UPDATES)
    await store.outbox.shown(ending, ending.ts, clock())
    # The turn that the age took is made good: over a minute Slack is not asked for more.
    assert await store.outbox.next_due() == clock() + timedelta(seconds=2.4)


async def test_no_age_is_told_while_others_wait_in_the_channel(store: Store, clock: Clock) -> None:
    await running(store, clock, "a")
    await _shown(store, clock, clock() + STEP)
    clock.now += STEP
    for key in ("b", "c"):
        await running(store, clock, key)
    await _shown(store, clock, None)
    assert await store.outbox.claim("notifier", clock()) is None, "#3 waits for its turn"
    assert await store.outbox.next_due() == clock() + timedelta(seconds=1)
    clock.advance(1)
    await _shown(store, clock, None)
    assert await store.outbox.next_due() == clock() + timedelta(seconds=4)
    clock.advance(4)
    assert (await _claimed(store, clock)).job_id == 1


async def test_of_very_many_not_all_ages_are_told(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_AGES", 1)
    for key in ("a", "b"):
        await running(store, clock, key)
        await _shown(store, clock, clock() + STEP)
        clock.advance(1)
    clock.now += STEP
    await _shown(store, clock, None)
    assert await store.outbox.next_due() is None


async def test_what_ends_while_its_age_is_told_is_shown_at_once(store: Store, clock: Clock) -> None:
    await running(store, clock)
    await _shown(store, clock, clock() + STEP)
    clock.now += STEP
    telling = await _claimed(store, clock)
    await _ended(store, clock, 1)
    await store.outbox.shown(telling, telling.ts, clock(), again_at=clock() + STEP)
    reply, ending = await _claimed(store, clock), await _claimed(store, clock)
    assert reply.kind is NoticeKind.REPLY
    assert (ending.kind, ending.lane) == (NoticeKind.CARD, lanes.UPDATES)


async def test_a_nudge_is_wanted_once_and_edited_once_when_answered(
    store: Store, clock: Clock
) -> None:
    seen = await running(store, clock)
    await _shown(store, clock, None)
    for _ in range(2):
        current = await job(store, seen.id)
        step = look_again(current, clock() + STEP, nudges=True)
        await store.jobs.record(current, step, clock())
    clock.advance(1)
    nudge = await _claimed(store, clock)
    assert nudge.kind is NoticeKind.NUDGE
    await store.outbox.shown(nudge, "5.5", clock())
    assert await store.outbox.claim("notifier", clock()) is None
    for _ in range(2):
        await store.outbox.quieten(seen.id, clock())
        clock.advance(2)
    edited = await _claimed(store, clock)
    assert (edited.kind, edited.ts, edited.lane) == (NoticeKind.NUDGE, "5.5", lanes.UPDATES)
    await store.outbox.shown(edited, "5.5", clock())
    assert await store.outbox.next_due() is None
