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
from bot.slack.poster import Place
from bot.store import Store
from bot.store.notice import Notice
from bot.workers.sender import Sender
from bot.workers.shown import Shown, job_of


@dataclass(frozen=True, slots=True)
class _Face:
    """What a card shows; `until` time alone makes it untrue."""

    message: Message
    until: datetime | None = None


class Cards:
    """Shows on a job's card what the store says at this moment."""

    def __init__(self, store: Store, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock

    async def show(self, notice: Notice) -> Shown:
        """Post a card, or edit the one that stands."""
        job = await job_of(self._store, notice)
        face = await self._face(job)
        if notice.ts is None:
            ts = await self._sender.post(notice, _where_asked(notice, job), face.message)
            return Shown(ts, face.until)
        await self._sender.edit(notice, notice.ts, face.message)
        return Shown(notice.ts, face.until)

    async def place(self, notice: Notice) -> Place | None:
        """Say where a card is posted: where its job was asked for."""
        return _where_asked(notice, await job_of(self._store, notice))

    async def _face(self, job: Job) -> _Face:
        if children := await self._store.families.children(job):
            return _Face(archives.card(job, children))
        if job.state is JobState.RUNNING and job.started_at is not None:
            return await self._running(job, job.started_at)
        return _Face(card(job, await self._forecast(job)))

    async def _running(self, job: Job, started_at: datetime) -> _Face:
        ordinary, now = usual(await self._store.jobs.durations(job)), self._clock()
        elapsed = now - started_at
        forecast = Forecast(usual=ordinary, elapsed=told(elapsed, ordinary))
        return _Face(card(job, forecast), now + changes_in(elapsed, ordinary))

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


def _where_asked(notice: Notice, job: Job) -> Place:
    return Place(notice.channel_id, job.asker.thread_ts)
