"""Following one job from the wish to its end, with the loops of this process beside it."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.builds.job import CONSOLE, TERMINAL, Job, JobKind, JobState
from bot.builds.outcome import Cancelled, Unwatched
from bot.builds.request import BuildRequest
from bot.builds.transition import end
from bot.builds.usual import usual
from bot.console.progress import Progress, Standing, standing, title
from bot.movers import Movers
from bot.store import Store
from bot.store.new_job import NewJob
from bot.store.trouble import said
from bot.workers.loop import looping

# Moves of other processes ring no bell here.
_EVERY = 0.25
# A worker may look at a job between the reading of it here and the writing.
_TRIES = 5
# A minute altogether.
_LOOKS_IN_TROUBLE, _TROUBLE = 60, 1.0
T = TypeVar("T")
_BY = "the command line"


async def followed(
    movers: Movers,
    request: BuildRequest,
    kind: JobKind,
    progress: Progress,
    clock: Callable[[], datetime],
) -> Job:
    """Have a request carried out and return the job when it is over; stop it when cancelled."""
    # Its own build, whatever is under way: that may have begun before the last change.
    key = f"console-{uuid.uuid4().hex}"
    new = NewJob(key, request, CONSOLE, movers.patience, kind, anyway=True)
    added = await movers.store.jobs.add(new, clock())
    try:
        async with looping(movers.loops()):
            return await _over(movers.store, added.id, progress, clock)
    except asyncio.CancelledError:
        await _stop(movers.store, added.id, clock)
        raise


async def _over(
    store: Store, job_id: int, progress: Progress, clock: Callable[[], datetime]
) -> Job:
    while (job := await _read(store, job_id)).state not in TERMINAL:
        progress.stands(title(job), await _patiently(partial(_standing, store, job, clock)))
        await asyncio.sleep(_EVERY)
    return job


async def _standing(store: Store, job: Job, clock: Callable[[], datetime]) -> Standing:
    place = await store.jobs.place(job) if job.state is JobState.QUEUED else None
    usually = usual(await store.jobs.durations(job)) if job.state is JobState.RUNNING else None
    return standing(job, place, usually, clock())


async def _patiently(look: Callable[[], Awaitable[T]]) -> T:
    """Look into the database, for a minute also while it is restarted: the loops go on as well."""
    for _ in range(_LOOKS_IN_TROUBLE):
        try:
            return await look()
        except Exception as error:
            if said(error) is None and not isinstance(error, OSError):
                raise
            await asyncio.sleep(_TROUBLE)
    return await look()


async def _stop(store: Store, job_id: int, clock: Callable[[], datetime]) -> None:
    """Leave nothing behind that the loops of others would go on with."""
    for _ in range(_TRIES):
        job = await _read(store, job_id)
        if job.state is JobState.RUNNING:
            outcome: Cancelled | Unwatched = Unwatched(_BY)
        elif job.state in {JobState.ACCEPTED, JobState.QUEUED}:
            outcome = Cancelled(_BY)
        else:
            return
        if await store.jobs.record(job, end(job, outcome), clock()) is not None:
            return


async def _read(store: Store, job_id: int) -> Job:
    job = await _patiently(partial(store.jobs.get, job_id))
    if job is None:
        raise LookupError(job_id)
    return job
