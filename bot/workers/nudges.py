"""Nudges: the question about a long build, in its card's thread, while it makes sense to ask."""

from bot.builds.job import Job, JobState
from bot.builds.usual import usual
from bot.slack.messages.message import Message
from bot.slack.messages.nudge import nudge
from bot.slack.poster import Place
from bot.store import Store
from bot.store.notice import Notice
from bot.workers.places import below_card
from bot.workers.sender import Sender
from bot.workers.shown import Shown, job_of


class Nudges:
    """Asks what to do about a long build, and takes the question off when it is answered."""

    def __init__(self, store: Store, sender: Sender) -> None:
        self._store = store
        self._sender = sender

    async def show(self, notice: Notice) -> Shown:
        """Ask while the build runs; edit what was asked."""
        job = await job_of(self._store, notice)
        if notice.ts is not None:
            await self._sender.edit(notice, notice.ts, await self._face(job, notice, asks=False))
            return Shown(notice.ts)
        asks = notice.wanted == 1 and job.state is JobState.RUNNING
        place = await self._thread(notice, job) if asks else None
        if place is None:
            return Shown(None)
        face = await self._face(job, notice, asks=True)
        return Shown(await self._sender.post(notice, place, face))

    async def place(self, notice: Notice) -> Place | None:
        """Say in which thread it is asked; None without one."""
        return await self._thread(notice, await job_of(self._store, notice))

    async def _thread(self, notice: Notice, job: Job) -> Place | None:
        """Find the card's thread; outside of it nobody would know what is meant."""
        place = await below_card(self._store.outbox, notice, job)
        return place if place and place.thread_ts else None

    async def _face(self, job: Job, notice: Notice, *, asks: bool) -> Message:
        """Say for how long it had been running when that was noticed."""
        elapsed = notice.created_at - (job.started_at or notice.created_at)
        return nudge(job, elapsed, usual(await self._store.jobs.durations(job)), asks=asks)
