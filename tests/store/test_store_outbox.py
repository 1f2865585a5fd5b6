from datetime import timedelta

from bot.builds.job import Job, JobState
from bot.builds.outcome import Cancelled, Ready
from bot.builds.transition import NoticeKind, end, start, submit
from bot.store import Store
from bot.store.next_notice import LEASE
from bot.store.notice import Notice
from tests.clock import Clock
from tests.store.store_room import PATIENCE, claim, job, queued, running


async def _next(store: Store, clock: Clock, owner: str = "notifier") -> Notice | None:
    return await store.outbox.claim(owner, clock())


async def _show_card(store: Store, clock: Clock, ts: str = "1.1") -> Notice:
    notice = await _next(store, clock)
    assert notice is not None
    await store.outbox.shown(notice, ts, clock())
    return notice


async def _end(store: Store, clock: Clock, seen: Job) -> None:
    current = await job(store, seen.id)
    await store.jobs.record(current, end(current, Ready("https://x")), clock())


async def test_cards_of_one_job_coalesce(store: Store, clock: Clock) -> None:
    await running(store, clock)
    card = await _show_card(store, clock)
    assert card.kind is NoticeKind.CARD
    assert await _next(store, clock) is None
    assert await store.outbox.next_due() is None


async def test_a_reply_waits_until_its_card_stands(store: Store, clock: Clock) -> None:
    seen = await running(store, clock)
    await _end(store, clock, seen)
    card = await _next(store, clock)
    assert card is not None
    assert card.kind is NoticeKind.CARD
    assert await _next(store, clock) is None
    await store.outbox.shown(card, "1.1", clock())
    clock.advance(1)
    reply = await _next(store, clock)
    assert reply is not None
    assert (reply.kind, reply.in_doubt_since) == (NoticeKind.REPLY, None)


async def test_what_changes_while_a_card_is_posted_is_shown_next(
    store: Store, clock: Clock
) -> None:
    seen = await running(store, clock)
    card = await _next(store, clock)
    assert card is not None
    await _end(store, clock, seen)
    await store.outbox.shown(card, "1.1", clock())
    clock.advance(2)
    again = [await _next(store, clock), await _next(store, clock)]
    # Someone waits for the reply; the card says the same with the next edit.
    assert [each.kind for each in again if each] == [NoticeKind.REPLY, NoticeKind.CARD]
    assert again[1] is not None
    assert again[1].ts == "1.1"


async def test_a_post_whose_process_died_is_in_doubt(store: Store, clock: Clock) -> None:
    await running(store, clock)
    first = await _next(store, clock)
    began = clock()
    assert first is not None
    assert first.in_doubt_since is None
    clock.advance(LEASE.total_seconds() + 1)
    second = await _next(store, clock, "another")
    assert second is not None
    assert second.in_doubt_since == began
    await store.outbox.shown(first, "9.9", clock())
    card = await store.outbox.card_of(second.job_id or 0)
    assert card is not None
    assert card.ts is None, "the first one's lease is over: its answer no longer counts"


async def test_a_refused_attempt_leaves_no_doubt_a_broken_one_does(
    store: Store, clock: Clock
) -> None:
    await running(store, clock)
    notice = await _next(store, clock)
    assert notice is not None
    await store.outbox.hold(notice, clock.advance(3))
    held = await _next(store, clock)
    assert held is not None
    assert held.in_doubt_since is None
    await store.outbox.postpone(held, clock.advance(3), in_doubt=True)
    broken = await _next(store, clock)
    assert broken is not None
    assert broken.in_doubt_since is not None


async def test_one_post_a_second_in_a_channel_and_others_do_not_wait(
    store: Store, clock: Clock
) -> None:
    for key in ("a", "b"):
        await running(store, clock, key)
    assert await _next(store, clock) is not None
    assert await _next(store, clock) is None
    assert await store.outbox.next_due() == clock() + timedelta(seconds=1)
    clock.advance(1)
    assert await _next(store, clock) is not None


async def test_a_channel_that_refuses_for_good_sends_the_asker_an_answer(
    store: Store, clock: Clock
) -> None:
    seen = await running(store, clock)
    card = await _next(store, clock)
    assert card is not None
    await store.outbox.refuse(card, seen, "not_in_channel", clock())
    answer = await _next(store, clock)
    assert answer is not None
    assert answer.kind is NoticeKind.ANSWER
    await store.outbox.shown(answer, None, clock())
    await _end(store, clock, seen)
    kinds = []
    for _ in range(2):
        clock.advance(2)
        notice = await _next(store, clock)
        assert notice is not None
        kinds.append(notice.kind)
    assert set(kinds) == {NoticeKind.CARD, NoticeKind.REPLY}, "someone may have invited the bot"


async def test_endings_go_before_places_in_line(store: Store, clock: Clock) -> None:
    first = await queued(store, clock, "a")
    await _show_card(store, clock, "1.1")
    clock.advance(1)
    second = await queued(store, clock, "b")
    await _show_card(store, clock, "2.2")
    claimed = await claim(store, JobState.QUEUED, clock)
    handed = await store.jobs.record(claimed, submit(claimed, clock(), PATIENCE), clock())
    assert handed is not None
    started = start(handed, 9, clock(), clock() + PATIENCE)
    await store.jobs.record(handed, started, clock())
    clock.advance(10)
    await _end(store, clock, first)
    order = []
    while notice := await _next(store, clock):
        order.append((notice.job_id, notice.kind))
        await store.outbox.shown(notice, notice.ts or "3.3", clock())
        clock.advance(2)
    assert order[-1] == (second.id, NoticeKind.CARD)
    assert set(order[:2]) == {(first.id, NoticeKind.CARD), (first.id, NoticeKind.REPLY)}


async def test_a_cancelled_job_moves_the_others_up(store: Store, clock: Clock) -> None:
    first = await queued(store, clock, "a")
    await _show_card(store, clock, "1.1")
    clock.advance(1)
    second = await queued(store, clock, "b")
    await _show_card(store, clock, "2.2")
    await store.jobs.record(first, end(first, Cancelled("U1")), clock())
    clock.advance(5)
    due = set()
    while notice := await _next(store, clock):
        due.add((notice.job_id, notice.kind))
        await store.outbox.shown(notice, notice.ts or "3.3", clock())
        clock.advance(2)
    assert (second.id, NoticeKind.CARD) in due


async def test_the_backlog_is_what_is_due(store: Store, clock: Clock) -> None:
    assert await store.outbox.backlog() == (0, None)
    await running(store, clock)
    assert await store.outbox.backlog() == (1, clock())
