"""Summaries: who was away for more than a day tells a channel once what ended meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.builds.job import Job
from bot.slack.messages.absence import absence
from bot.slack.messages.message import Message
from bot.store import Store
from bot.store.absences import LONG
from bot.store.notice import Notice

# The builds that ended unseen are looked at one by one, within seconds.
_MORE_MAY_COME = timedelta(seconds=2)


class Summaries:
    """Lets one reply of a channel speak for the others that come as late."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._absences = store.absences
        self._outbox = store.outbox
        self._clock = clock

    async def wait(self, notice: Notice) -> bool:
        """Gather what is to be told with a late reply; True when it waits for more of it."""
        now = self._clock()
        if await self._absences.gather(notice.id, notice.channel_id, now):
            return False
        await self._outbox.postpone(notice, now + _MORE_MAY_COME, in_doubt=False)
        return True

    async def told_by(self, notice: Notice, job: Job) -> Message | None:
        """Tell of every build that a reply speaks for; None when it speaks for its own alone."""
        others = await self._absences.told_in(notice.id) if self.is_late(job) else []
        if not others:
            return None
        everyone = sorted([job, *others], key=lambda each: each.id)
        return absence(everyone, self._clock())

    async def scatter(self, notice: Notice) -> None:
        """Let every reply speak for itself again."""
        await self._absences.scatter(notice.id, self._clock())

    def is_late(self, job: Job) -> bool:
        """Say whether a build ended so long ago that one reply may speak for several."""
        # What was asked in a thread stays there, and floods nobody.
        ended = job.finished_at
        return ended is not None and job.asker.thread_ts is None and self._clock() - ended > LONG
