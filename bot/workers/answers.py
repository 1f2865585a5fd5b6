"""Answers: how a job ended, told to those who wait for it alone, where no card can say it."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.builds.job import Job
from bot.builds.outcome import Cancelled, Expired, Rejected
from bot.slack.errors import PosterError
from bot.slack.messages.answer import cancelled, cannot_post, rejected
from bot.slack.messages.message import Message
from bot.slack.messages.steered import checked
from bot.slack.poster import Place, Poster
from bot.store import Store
from bot.store.notice import Notice
from bot.workers.privately import tell
from bot.workers.shown import Shown, job_of

log = structlog.get_logger(__name__)


class Answers:
    """Tells the asker, and those who joined, what is nobody else's concern."""

    def __init__(self, store: Store, poster: Poster, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._poster = poster
        self._clock = clock

    async def show(self, notice: Notice) -> Shown:
        """Tell what came of a job that has no card, or why it has none."""
        await self._say(await job_of(self._store, notice))
        return Shown(None)

    async def place(self, _notice: Notice) -> Place | None:
        """Say that it is posted nowhere."""
        return None

    async def _say(self, job: Job) -> None:
        match job.outcome:
            case Rejected() as outcome:
                await self.tell_all(job, rejected(job, outcome))
            case Cancelled(by=by) if job.resolved is None:
                told = cancelled(job, by)
                # Who cancelled it themselves was answered at once.
                if by != job.asker.user_id:
                    await self.tell_asker(job, told)
                await self.tell_watchers(job, told)
            case Expired() as outcome if job.is_check:
                await self.tell_asker(job, checked(job, outcome, self._clock()))
            case _:
                stands = await self._store.outbox.card_of(job.id)
                code = (stands and stands.undeliverable) or "unknown"
                await self.tell_asker(job, cannot_post(job, code))

    async def tell_all(self, job: Job, told: Message) -> None:
        """Tell everyone who waits for a job; raises what the poster raises of the asker."""
        await self.tell_asker(job, told)
        await self.tell_watchers(job, told)

    async def tell_asker(self, job: Job, told: Message) -> None:
        """Tell the asker; raises what the poster raises."""
        age = self._clock() - job.accepted_at
        await tell(self._poster, job.asker, told, age=age)

    async def tell_watchers(self, job: Job, told: Message) -> None:
        """Tell those who joined, where there is no thread to mention them in.

        Each of them once at most: if this were repeated, the asker would be told twice.
        """
        for user_id in job.watchers:
            try:
                await self._poster.write_to(user_id, told)
            except PosterError as error:
                log.warning("a watcher was not told", user=user_id, detail=str(error))
