"""The poller: looks at the running job that is most due, and sees the end."""

from datetime import datetime
from typing import ClassVar

from bot.builds.job import Job, JobState
from bot.builds.outcome import Expired, Failed, Outcome, Refused, observe
from bot.builds.progress import LEAST_TO_NUDGE, is_long
from bot.builds.transition import Transition, end, look_again, try_again
from bot.builds.usual import usual
from bot.playcanvas import errors
from bot.workers.job_worker import JobWorker


class Poller(JobWorker):
    """running -> ready | failed | expired."""

    state: ClassVar = JobState.RUNNING

    async def work(self, job: Job) -> None:
        """Look once and decide."""
        await self.record(job, await self._look(job))

    async def _look(self, job: Job) -> Transition:
        if job.remote_id is None:
            raise ValueError(job.state)
        try:
            remote = await self.playcanvas.job(job.remote_id)
        except errors.Refused as error:
            return end(job, _refused(error))
        except errors.PlayCanvasError as error:
            return await self._no_answer(job, error)
        # Someone waits for an ending: nothing is asked of the database before it is recorded.
        if (seen := observe(remote)) is not None:
            return end(job, seen)
        now = self.clock()
        if now >= job.deadline_at:
            return end(job, Expired())
        look = await self.next_look(job, now)
        nudges = await self._is_long(job, now)
        return look_again(job, now + look.wait, look.eagerness, nudges=nudges)

    async def _is_long(self, job: Job, now: datetime) -> bool:
        elapsed = now - (job.started_at or now)
        if elapsed < LEAST_TO_NUDGE or job.parent_id is not None:
            return False
        return is_long(elapsed, usual(await self.store.jobs.durations(job)))

    async def _no_answer(self, job: Job, error: errors.PlayCanvasError) -> Transition:
        if self.clock() >= job.deadline_at:
            return end(job, Expired(error.sentence))
        return try_again(job, await self.next_try(job, error), error.sentence)


def _refused(error: errors.Refused) -> Outcome:
    if isinstance(error, errors.NotAllowed):
        return Refused(error.sentence)
    return Failed((error.sentence,))
