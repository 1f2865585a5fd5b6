"""Cards: what they show of a job now, and for how long that is true."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.builds.job import Job, JobKind, JobState
from bot.builds.progress import changes_in, told
from bot.builds.usual import usual
from bot.slack.messages import archives
from bot.slack.messages.card import Forecast, card
from bot.slack.messages.message import Message
from bot.slack.messages.nudge import nudge
from bot.store import Store
from bot.store.outbox import Notice


@dataclass(frozen=True, slots=True)
class Face:
    """What a card shows; `until` time alone makes it untrue."""

    message: Message
    until: datetime | None = None


class Cards:
    """Renders cards and what hangs on them from what the store says at this moment."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def face(self, job: Job) -> Face:
        """Show a job as it is now."""
        if children := await self._store.families.children(job):
            return Face(archives.card(job, children))
        if job.state is JobState.RUNNING and job.started_at is not None:
            return await self._running(job, job.started_at)
        return Face(card(job, await self._forecast(job)))

    async def nudge(self, job: Job, notice: Notice, *, asks: bool) -> Message:
        """Say for how long it had been running when that was noticed."""
        elapsed = notice.created_at - (job.started_at or notice.created_at)
        return nudge(job, elapsed, usual(await self._store.jobs.durations(job)), asks=asks)

    async def _running(self, job: Job, started_at: datetime) -> Face:
        ordinary, now = usual(await self._store.jobs.durations(job)), self._clock()
        elapsed = now - started_at
        forecast = Forecast(usual=ordinary, elapsed=told(elapsed, ordinary))
        return Face(card(job, forecast), now + changes_in(elapsed, ordinary))

    async def _forecast(self, job: Job) -> Forecast:
        store = self._store
        if job.state is JobState.QUEUED:
            place = await store.jobs.place(job)
            return Forecast(place, await store.budget.opens_at("strict", place, self._clock()))
        if job.state is JobState.UNWATCHED:
            return Forecast(again=await store.precedents.started_again(job))
        if job.state is JobState.FAILED and job.kind is JobKind.BUILD:
            return Forecast(other_engine=await store.precedents.other_engine(job))
        if job.state is JobState.READY and job.kind is JobKind.BUILD:
            return Forecast(apps=await store.apps.of_project(job.request.project))
        return Forecast()
