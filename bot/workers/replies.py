"""Replies: how a job ended, told below its card, or to those who wait if there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.builds.job import Job, JobState
from bot.slack.errors import PosterError, RefusedError
from bot.slack.messages import archives
from bot.slack.messages.message import Message
from bot.slack.messages.reply import reply
from bot.slack.poster import Place
from bot.store import Store
from bot.store.notice import Notice
from bot.workers.answers import Answers
from bot.workers.places import CARD_GONE, below_card, outside
from bot.workers.sender import Sender
from bot.workers.shown import Shown, job_of
from bot.workers.summaries import Summaries

log = structlog.get_logger(__name__)


class Replies:
    """Tells how a job ended. `broadcast`: which ones; `lag` is told how many seconds it took."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        answers: Answers,
        clock: Callable[[], datetime],
        *,
        broadcast: str,
        lag: Callable[[float], None],
    ) -> None:
        self._store = store
        self._sender = sender
        self._answers = answers
        self._clock = clock
        self._broadcast = broadcast
        self._lag = lag
        self._summaries = Summaries(store, clock)

    async def show(self, notice: Notice) -> Shown | None:
        """Tell it for one job, or for all that ended while the bot was away; None if it waits."""
        job = await job_of(self._store, notice)
        if await self._waits(notice, job):
            return None
        if summary := await self._summaries.told_by(notice, job):
            try:
                return Shown(await self._sender.post(notice, Place(notice.channel_id), summary))
            except RefusedError as error:
                log.warning("summary refused", code=error.code)
                await self.scatter(notice)
        return Shown(await self._show_own(notice, job))

    async def place(self, notice: Notice) -> Place | None:
        """Say where it is posted; None where those who wait are told alone."""
        job = await job_of(self._store, notice)
        if await self._summaries.told_by(notice, job):
            return Place(notice.channel_id)
        return await self._below(notice, job)

    async def found(self, notice: Notice) -> None:
        """Note how long it took to one that stands, though its answer was lost."""
        self._replied(await job_of(self._store, notice))

    async def tell_alone(self, notice: Notice) -> None:
        """Tell it another way, where the channel has taken nothing for too long."""
        job = await job_of(self._store, notice)
        told = await self._told(job)
        try:
            await self._answers.tell_asker(job, told)
        except PosterError as error:
            log.warning("the asker was not told", user=job.asker.user_id, detail=str(error))
        await self._answers.tell_watchers(job, told)

    async def scatter(self, notice: Notice) -> None:
        """Let the others that a reply speaks for speak for themselves again."""
        await self._summaries.scatter(notice)

    async def _waits(self, notice: Notice, job: Job) -> bool:
        """Say whether a reply waits for others, to speak for all of them."""
        if not self._summaries.is_late(job) or await self._below(notice, job) is None:
            return False
        return await self._summaries.wait(notice)

    async def _show_own(self, notice: Notice, job: Job) -> str | None:
        told = await self._told(job)
        place = await self._below(notice, job)
        if place is None:
            await self._answers.tell_all(job, told)
            return None
        ts = await self._post(notice, job, place, told)
        self._replied(job)
        return ts

    async def _post(self, notice: Notice, job: Job, place: Place, told: Message) -> str | None:
        try:
            return await self._sender.post(notice, place, told)
        except RefusedError as error:
            log.warning("reply refused", code=error.code)
            if error.code in CARD_GONE and place.thread_ts is not None:
                return await self._post(notice, job, outside(place), told)
        # Thrown out since the card was posted, for one: who waits is told all the same.
        await self._answers.tell_all(job, told)
        return None

    async def _told(self, job: Job) -> Message:
        if children := await self._store.families.children(job):
            return archives.reply(job, children)
        return reply(job, self._clock())

    async def _below(self, notice: Notice, job: Job) -> Place | None:
        place = await below_card(self._store.outbox, notice, job)
        return replace(place, broadcast=self._broadcasts(job)) if place else None

    def _broadcasts(self, job: Job) -> bool:
        if job.asker.thread_ts is not None:
            # What was asked in a thread stays there.
            return False
        if self._broadcast == "failures":
            return job.state in {JobState.FAILED, JobState.EXPIRED}
        return self._broadcast == "all"

    def _replied(self, job: Job) -> None:
        if job.ended_at is not None:
            self._lag((self._clock() - job.ended_at).total_seconds())
