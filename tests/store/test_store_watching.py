from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.builds.job import Asker, Job, JobState
from bot.builds.outcome import Ready, Unwatched
from bot.builds.transition import end
from bot.store import Store
from bot.store.new_job import NewJob
from bot.store.tables import events, notices
from tests.clock import Clock, Rung
from tests.store.store_room import PATIENCE, claim, job, ready, running

PRESSER = Asker("T1", "C1", "U2", "https://hooks.example/2", thread_ts="1.5")


async def unwatched(store: Store, clock: Clock) -> Job:
    watched = await running(store, clock)
    clock.advance(100)
    after = await store.jobs.record(watched, end(watched, Unwatched("U1")), clock())
    assert after is not None
    return after


async def test_what_was_left_is_followed_anew(store: Store, clock: Clock, rung: Rung) -> None:
    old = await unwatched(store, clock)
    rung.topics.clear()
    clock.advance(1_000)
    added = await store.watching.again(old, PRESSER, "press", PATIENCE, clock())
    assert rung.topics == ["running", "notice"]
    again = await job(store, added.id)
    assert (again.state, again.remote_id, again.resolved) == (
        JobState.RUNNING,
        old.remote_id,
        old.resolved,
    )
    assert (again.request, again.asker, again.retry_of) == (old.request, PRESSER, old.id)
    assert (again.due_at, again.deadline_at) == (clock(), clock() + PATIENCE)
    # The old one is over for good.
    assert await job(store, old.id) == old


async def test_it_has_its_own_event_and_card(store: Store, clock: Clock) -> None:
    old = await unwatched(store, clock)
    added = await store.watching.again(old, PRESSER, "press", PATIENCE, clock())
    moves = await store.database.rows(
        select(events.c.before, events.c.after).where(events.c.job_id == added.id)
    )
    said = await store.database.rows(select(notices.c.kind).where(notices.c.job_id == added.id))
    assert [(move["before"], move["after"]) for move in moves] == [(None, "running")]
    assert [notice["kind"] for notice in said] == ["card"]


async def test_how_long_it_takes_counts_from_playcanvass_start(store: Store, clock: Clock) -> None:
    old = await unwatched(store, clock)
    await store.watching.again(old, PRESSER, "press", PATIENCE, clock())
    claimed = await claim(store, JobState.RUNNING, clock)
    done = await store.jobs.record(claimed, end(claimed, Ready("https://x")), clock())
    assert done is not None
    assert done.took == timedelta(seconds=100)


async def test_a_second_press_finds_the_first(store: Store, clock: Clock) -> None:
    old = await unwatched(store, clock)
    first = await store.watching.again(old, PRESSER, "press-1", PATIENCE, clock())
    second = await store.watching.again(old, PRESSER, "press-2", PATIENCE, clock())
    assert not first.repeated
    assert (second.id, second.repeated) == (first.id, True)


async def test_the_same_command_joins_what_is_watched_again(store: Store, clock: Clock) -> None:
    old = await unwatched(store, clock)
    again = await store.watching.again(old, PRESSER, "press", PATIENCE, clock())
    typed = NewJob("typed", old.request, Asker("T1", "C1", "U3"), PATIENCE)
    added = await store.jobs.add(typed, clock())
    assert (added.id, added.joined) == (again.id, True)


async def test_only_what_was_left_can_be_followed(store: Store, clock: Clock) -> None:
    done = await ready(store, clock)
    with pytest.raises(ValueError, match="ready"):
        await store.watching.again(done, PRESSER, "press", PATIENCE, clock())
