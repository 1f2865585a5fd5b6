from dataclasses import replace
from datetime import timedelta

from bot.builds.job import Item, Job, JobKind, JobState, Resolved
from bot.builds.outcome import Ready
from bot.builds.request import BuildRequest
from bot.builds.transition import end, queue, start, submit
from bot.store import Store
from bot.store.new_job import NewJob
from tests.clock import Clock
from tests.store.store_room import LEVEL, PATIENCE, claim, new

BUILD = new("a build")
ARCHIVE = replace(
    new("an archive"), request=BuildRequest("543988", (), "dev"), kind=JobKind.ARCHIVE
)
DEV = Resolved((), Item("b-1", "dev"))


async def _done(
    store: Store, clock: Clock, asked: NewJob, resolved: Resolved, engine: str | None, took: float
) -> Job:
    await store.jobs.add(asked, clock())
    job = await claim(store, JobState.ACCEPTED, clock)
    await store.jobs.record(job, queue(job, resolved, clock()), clock())
    job = await claim(store, JobState.QUEUED, clock)
    handed = await store.jobs.record(job, submit(job, clock(), PATIENCE), clock())
    assert handed is not None
    await store.jobs.record(handed, start(handed, 1, clock(), clock() + PATIENCE), clock())
    job = await claim(store, JobState.RUNNING, clock)
    clock.advance(took)
    over = end(job, Ready("https://x.example/a", engine))
    done = await store.jobs.record(job, over, clock())
    assert done is not None
    return done


async def test_an_archive_keeps_its_kind_through_every_move(store: Store, clock: Clock) -> None:
    job = await _done(store, clock, ARCHIVE, DEV, None, 5)
    assert (job.kind, job.state, job.resolved) == (JobKind.ARCHIVE, JobState.READY, DEV)


async def test_archives_and_builds_take_their_own_time(store: Store, clock: Clock) -> None:
    built = await _done(store, clock, BUILD, LEVEL, "2.20.6", 60)
    archived = await _done(store, clock, ARCHIVE, DEV, None, 5)
    assert await store.jobs.durations(built) == (timedelta(seconds=60),)
    assert await store.jobs.durations(archived) == (timedelta(seconds=5),)


async def test_an_archive_does_not_hide_the_engine_of_the_last_build(
    store: Store, clock: Clock
) -> None:
    await _done(store, clock, BUILD, LEVEL, "2.20.6", 60)
    await _done(store, clock, ARCHIVE, DEV, None, 5)
    assert await store.precedents.last_engine("543988") == "2.20.6"
