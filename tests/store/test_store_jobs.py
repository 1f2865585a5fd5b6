import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.builds.job import JobState
from bot.builds.outcome import Cancelled, Ready, Rejected, Unwatched
from bot.builds.transition import end, look_again, queue, requeue, submit
from bot.store import Store
from bot.store.moves import LEASE
from bot.store.tables import events, jobs, notices
from tests.clock import Clock, Rung
from tests.store.store_room import (
    LEVEL,
    PATIENCE,
    accepted,
    claim,
    job,
    new,
    queued,
    ready,
    running,
)


async def test_a_job_survives_as_it_was_asked_for(store: Store, clock: Clock) -> None:
    added = await store.jobs.add(new(), clock())
    kept = await job(store, added.id)
    assert (kept.request, kept.asker) == (new().request, new().asker)
    assert (kept.state, kept.due_at) == (JobState.ACCEPTED, clock())
    assert kept.deadline_at == clock() + PATIENCE


async def test_the_same_command_delivered_three_times_is_one_job(
    store: Store, clock: Clock
) -> None:
    first = await store.jobs.add(new("same"), clock())
    again = await asyncio.gather(*(store.jobs.add(new("same"), clock()) for _ in range(2)))
    assert not first.repeated
    assert [(each.id, each.repeated) for each in again] == [(first.id, True)] * 2
    assert await store.jobs.count() == {"accepted": 1}


async def test_a_hundred_at_once_are_all_accepted_in_order(store: Store, clock: Clock) -> None:
    added = await asyncio.gather(*(store.jobs.add(new(str(n)), clock()) for n in range(100)))
    ids = [each.id for each in added]
    assert ids == sorted(set(ids))
    assert await store.jobs.count() == {"accepted": 100}


async def test_a_cancelled_caller_does_not_take_the_others_along(
    store: Store, clock: Clock
) -> None:
    callers = [asyncio.create_task(store.jobs.add(new(str(n)), clock())) for n in range(5)]
    await asyncio.sleep(0)
    callers[0].cancel()
    done = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(done[0], asyncio.CancelledError)
    assert {await _key(store, each.id) for each in done[1:]} == {"1", "2", "3", "4"}  # type: ignore[union-attr]


async def _key(store: Store, job_id: int) -> str:
    [row] = await store.database.rows(select(jobs.c.intake_key).where(jobs.c.id == job_id))
    return str(row["intake_key"])


async def test_a_claimed_job_is_nobody_elses_until_the_lease_runs_out(
    store: Store, clock: Clock
) -> None:
    await accepted(store, clock)
    await claim(store, JobState.ACCEPTED, clock, "first")
    assert await store.jobs.claim(JobState.ACCEPTED, "second", clock()) is None
    assert await store.jobs.next_due(JobState.ACCEPTED) == clock() + LEASE
    clock.advance(LEASE.total_seconds() + 1)
    late = await claim(store, JobState.ACCEPTED, clock, "second")
    assert late.lease_owner == "second"


async def test_no_job_is_claimed_twice_by_many(store: Store, clock: Clock) -> None:
    for n in range(20):
        await store.jobs.add(new(str(n)), clock())

    async def take_all(owner: str) -> list[int]:
        taken = []
        while claimed := await store.jobs.claim(JobState.ACCEPTED, owner, clock()):
            taken.append(claimed.id)
        return taken

    shares = await asyncio.gather(*(take_all(f"worker-{n}") for n in range(4)))
    taken = [job_id for share in shares for job_id in share]
    assert len(taken) == len(set(taken)) == 20


async def test_what_is_not_due_is_left_alone(store: Store, clock: Clock) -> None:
    held = await running(store, clock)
    claimed = await claim(store, JobState.RUNNING, clock)
    later = clock() + timedelta(seconds=5)
    await store.jobs.record(claimed, look_again(claimed, later), clock())
    assert await store.jobs.claim(JobState.RUNNING, "me", clock()) is None
    assert await store.jobs.next_due(JobState.RUNNING) == later
    clock.advance(5)
    assert (await claim(store, JobState.RUNNING, clock)).id == held.id


async def test_waiting_jobs_start_in_order_of_asking(store: Store, clock: Clock) -> None:
    first, second = await queued(store, clock, "a"), await queued(store, clock, "b")
    claimed = await claim(store, JobState.QUEUED, clock)
    handed = await store.jobs.record(claimed, submit(claimed, clock(), PATIENCE), clock())
    assert handed is not None
    await store.jobs.record(handed, requeue(handed, clock(), "busy"), clock())
    assert [await store.jobs.place(each) for each in (first, second)] == [1, 2]
    clock.advance(1)
    assert (await claim(store, JobState.QUEUED, clock)).id == first.id


async def test_an_answer_after_a_takeover_is_dropped(store: Store, clock: Clock) -> None:
    await running(store, clock)
    slow = await claim(store, JobState.RUNNING, clock, "slow")
    clock.advance(LEASE.total_seconds() + 1)
    quick = await claim(store, JobState.RUNNING, clock, "quick")
    assert await store.jobs.record(slow, end(slow, Ready("https://x")), clock()) is None
    assert await store.jobs.record(quick, end(quick, Ready("https://y")), clock()) is not None
    assert (await job(store, slow.id)).outcome == Ready("https://y")


async def test_someone_who_stops_a_job_wins_over_the_one_who_looks(
    store: Store, clock: Clock
) -> None:
    seen = await running(store, clock)
    looking = await claim(store, JobState.RUNNING, clock)
    current = await job(store, seen.id)
    assert await store.jobs.record(current, end(current, Unwatched("U2")), clock()) is not None
    assert await store.jobs.record(looking, end(looking, Ready("https://x")), clock()) is None


async def test_every_arrow_leaves_an_event(store: Store, clock: Clock) -> None:
    done = await ready(store, clock)
    rows = await store.database.rows(
        select(events.c.before, events.c.after)
        .where(events.c.job_id == done.id)
        .order_by(events.c.id)
    )
    arrows = [tuple(row.values()) for row in rows]
    states = ["accepted", "queued", "submitting", "running", "ready"]
    assert arrows == list(zip([None, *states], states, strict=False))


async def test_a_rejected_job_wants_an_answer_and_no_card(store: Store, clock: Clock) -> None:
    await accepted(store, clock)
    claimed = await claim(store, JobState.ACCEPTED, clock)
    await store.jobs.record(claimed, end(claimed, Rejected("no such scene")), clock())
    wanted = await store.database.rows(select(notices.c.kind))
    assert [notice["kind"] for notice in wanted] == ["answer"]


async def test_the_time_it_took_is_playcanvass_where_it_says_so(store: Store, clock: Clock) -> None:
    await running(store, clock)
    claimed = await claim(store, JobState.RUNNING, clock)
    finished = clock() + timedelta(seconds=50)
    clock.advance(3600)
    outcome = Ready("https://x", finished_at=finished)
    done = await store.jobs.record(claimed, end(claimed, outcome), clock())
    assert done is not None
    assert done.took == timedelta(seconds=50)
    assert await store.jobs.durations(done) == (timedelta(seconds=50),)


@pytest.mark.parametrize("said", [-3600, 7200])
async def test_a_finish_that_cannot_be_true_is_bounded(
    store: Store, clock: Clock, said: float
) -> None:
    await running(store, clock)
    claimed = await claim(store, JobState.RUNNING, clock)
    outcome = Ready("https://x", finished_at=clock() + timedelta(seconds=said))
    clock.advance(60)
    done = await store.jobs.record(claimed, end(claimed, outcome), clock())
    assert done is not None
    assert done.took in {timedelta(), timedelta(seconds=60)}


async def test_a_second_press_finds_the_retry_of_the_first(store: Store, clock: Clock) -> None:
    old = await ready(store, clock)
    first = await store.jobs.add(new("press-1", retry_of=old.id), clock())
    second = await store.jobs.add(new("press-2", retry_of=old.id), clock())
    assert (second.id, second.repeated) == (first.id, True)
    claimed = await claim(store, JobState.ACCEPTED, clock)
    await store.jobs.record(claimed, end(claimed, Rejected("gone")), clock())
    third = await store.jobs.add(new("press-3", retry_of=old.id), clock())
    assert not third.repeated


async def test_what_a_dead_process_was_handing_over_is_found(store: Store, clock: Clock) -> None:
    await queued(store, clock)
    claimed = await claim(store, JobState.QUEUED, clock)
    await store.jobs.record(claimed, submit(claimed, clock(), PATIENCE), clock())
    assert await store.jobs.abandoned(clock()) == []
    clock.advance(LEASE.total_seconds() + 1)
    (orphan,) = await store.jobs.abandoned(clock())
    assert await store.jobs.record(orphan, requeue(orphan, clock(), None), clock()) is not None
    assert (await claim(store, JobState.QUEUED, clock)).id == orphan.id


async def test_response_urls_are_forgotten_when_slack_no_longer_takes_them(
    store: Store, clock: Clock
) -> None:
    kept = await accepted(store, clock)
    await store.jobs.forget_response_urls(clock())
    assert (await job(store, kept.id)).asker.response_url is not None
    await store.jobs.forget_response_urls(clock() + timedelta(seconds=1))
    assert (await job(store, kept.id)).asker == replace(kept.asker, response_url=None)


async def test_one_channel_does_not_hold_up_another(store: Store, clock: Clock) -> None:
    asked = []
    for number, channel in enumerate(("C1", "C1", "C1", "C2")):
        added = await store.jobs.add(new(str(number), channel=channel), clock())
        asked.append(added.id)
        claimed = await claim(store, JobState.ACCEPTED, clock)
        await store.jobs.record(claimed, queue(claimed, LEVEL, clock()), clock())
    waiting = [await job(store, each) for each in asked]
    assert [await store.jobs.place(each) for each in waiting] == [1, 3, 4, 2]
    order = []
    for _ in asked:
        claimed = await claim(store, JobState.QUEUED, clock)
        order.append(claimed.id)
        await store.jobs.record(claimed, submit(claimed, clock(), PATIENCE), clock())
    assert order == [asked[0], asked[3], asked[1], asked[2]]


async def test_cancelling_shortens_the_line(store: Store, clock: Clock) -> None:
    first, second = await queued(store, clock, "a"), await queued(store, clock, "b")
    assert await store.jobs.place(second) == 2
    await store.jobs.record(first, end(first, Cancelled("U1")), clock())
    assert await store.jobs.place(second) == 1


async def test_a_commit_rings_for_those_who_wait(store: Store, clock: Clock, rung: Rung) -> None:
    await accepted(store, clock)
    assert rung.topics == ["accepted"]
    claimed = await claim(store, JobState.ACCEPTED, clock)
    await store.jobs.record(claimed, queue(claimed, LEVEL, clock()), clock())
    assert rung.topics == ["accepted", "queued", "notice"]
