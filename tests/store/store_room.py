"""Jobs as the store's tests need them."""

from datetime import timedelta

from bot.builds.job import Asker, Item, Job, JobState, Resolved
from bot.builds.outcome import Ready
from bot.builds.request import BuildRequest
from bot.builds.transition import end, queue, start, submit
from bot.store import Store
from bot.store.new_job import NewJob
from tests.clock import Clock

PATIENCE = timedelta(hours=1)
LEVEL = Resolved((Item("7", "Level 3"),))


def new(key: str = "trigger-1", *, channel: str = "C1", retry_of: int | None = None) -> NewJob:
    return NewJob(
        intake_key=key,
        request=BuildRequest("543988", ("Level 3",)),
        asker=Asker("T1", channel, "U1", "https://hooks.example/1"),
        patience=PATIENCE,
        retry_of=retry_of,
        # Most tests are about jobs of their own; joining is tried in test_store_joining.py.
        anyway=True,
    )


async def accepted(store: Store, clock: Clock, key: str = "trigger-1") -> Job:
    added = await store.jobs.add(new(key), clock())
    return await job(store, added.id)


async def job(store: Store, job_id: int) -> Job:
    found = await store.jobs.get(job_id)
    assert found is not None
    return found


async def queued(store: Store, clock: Clock, key: str = "trigger-1") -> Job:
    await accepted(store, clock, key)
    claimed = await claim(store, JobState.ACCEPTED, clock)
    recorded = await store.jobs.record(claimed, queue(claimed, LEVEL, clock()), clock())
    assert recorded is not None
    return recorded


async def running(store: Store, clock: Clock, key: str = "trigger-1") -> Job:
    await queued(store, clock, key)
    claimed = await claim(store, JobState.QUEUED, clock)
    handed = await store.jobs.record(claimed, submit(claimed, clock(), PATIENCE), clock())
    assert handed is not None
    started = start(handed, 9000 + handed.id, clock(), clock() + PATIENCE)
    recorded = await store.jobs.record(handed, started, clock())
    assert recorded is not None
    return recorded


async def ready(store: Store, clock: Clock, key: str = "trigger-1", took: float = 60) -> Job:
    await running(store, clock, key)
    claimed = await claim(store, JobState.RUNNING, clock)
    clock.advance(took)
    done = await store.jobs.record(claimed, end(claimed, Ready("https://x.example/z")), clock())
    assert done is not None
    return done


async def claim(store: Store, state: JobState, clock: Clock, owner: str = "me") -> Job:
    claimed = await store.jobs.claim(state, owner, clock())
    assert claimed is not None
    return claimed
