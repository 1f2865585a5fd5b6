"""What the workers of jobs share: permit, then claim, then the deed, under the job's number."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import ClassVar

import structlog

from bot.builds.job import Job, JobState
from bot.builds.pacing import Look, back_off
from bot.builds.transition import Transition
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.errors import PlayCanvasError, RateLimited
from bot.playcanvas.limits import RateClass
from bot.store import Store
from bot.workers.permits import Permits
from bot.workers.permitted import claimed

log = structlog.get_logger(__name__)


class JobWorker(ABC):
    """Moves jobs out of one state; each loop has an instance, and so a lease owner, of its own."""

    state: ClassVar[JobState]

    def __init__(
        self,
        store: Store,
        playcanvas: PlayCanvas,
        permits: Permits,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.playcanvas = playcanvas
        self.permits = permits
        self.owner = owner
        self.clock = clock

    async def step(self, now: datetime) -> datetime | None:
        """Do one job's next move; return when to come back, None for at once."""
        next_due = partial(self.store.jobs.next_due, self.state)
        claim = partial(self.store.jobs.claim, self.state)
        job = await claimed(self.permits, next_due, claim, self.owner, now)
        if isinstance(job, datetime):
            return job
        with structlog.contextvars.bound_contextvars(job=job.id):
            await self.work(job)
        return None

    @abstractmethod
    async def work(self, job: Job) -> None:
        """Ask PlayCanvas and record what came of it."""

    async def record(self, job: Job, transition: Transition) -> Job | None:
        """Write a move; an answer that comes after someone else took over is dropped."""
        after = await self.store.jobs.record(job, transition, self.clock())
        if after is None:
            log.warning("dropped: the job was taken over", state=transition.state)
        elif after.state != job.state:
            log.info("moved", before=job.state, after=after.state)
        return after

    async def next_look(self, job: Job, now: datetime) -> Look:
        """Say when to look at a running job again."""
        return await self.store.pace.next_look(job, RateClass.NORMAL, now)

    async def next_try(self, job: Job, error: PlayCanvasError) -> datetime:
        """Say when to ask again after a question without an answer."""
        now = self.clock()
        log.warning("no answer", error=type(error).__name__, attempts=job.attempts)
        if not isinstance(error, RateLimited):
            return now + back_off(job.attempts)
        # The budget holds every process back after a 429; no back-off on top.
        if error.retry_after is not None:
            await self.permits.cool(now + error.retry_after)
        return now
