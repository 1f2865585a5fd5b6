"""Pace: what running jobs ask of the budget, and how long the likes of them took."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.builds.durations import Durations
from bot.builds.expected import expected
from bot.builds.job import Job, JobState
from bot.builds.pacing import Load, Look, next_look
from bot.store import took
from bot.store.budget import Budget
from bot.store.engine import Database
from bot.store.tables import jobs

_ASKED = select(func.count(), func.coalesce(func.sum(jobs.c.eagerness), 0.0)).where(
    jobs.c.state == JobState.RUNNING, jobs.c.due_at.is_not(None)
)
# What so many ask for together changes slowly: the sum is taken again after so long for each.
_HOLDS_FOR_EACH = timedelta(microseconds=100)


class Pace:
    """The one door to what paces the looks; it only reads, so that every process agrees."""

    def __init__(self, database: Database, budget: Budget) -> None:
        self._database = database
        self._budget = budget
        self._asked: tuple[datetime, int, float] | None = None

    async def next_look(self, job: Job, rate_class: str, now: datetime) -> Look:
        """Say when to look at a running job again, from what is known and what there is for it."""

        def known(connection: Connection) -> tuple[Durations, Load]:
            likes, kind = took.by_its_likes(connection, job), took.by_its_kind(connection, job)
            return expected(likes, kind), self._load(connection, rate_class, now)

        durations, load = await self._database.look(known)
        return next_look(durations, now - (job.started_at or now), load)

    async def load(self, rate_class: str, now: datetime) -> Load:
        """Add up what the running jobs ask for, and say what there is for them."""
        return await self._database.look(lambda connection: self._load(connection, rate_class, now))

    def _load(self, connection: Connection, rate_class: str, now: datetime) -> Load:
        bucket = self._budget.read(connection, rate_class, now)
        running, eagerness = self._asked_for(connection, now)
        rate = timedelta(seconds=1) / bucket.interval
        return Load(running, eagerness, rate, bucket.spent(now))

    def _asked_for(self, connection: Connection, now: datetime) -> tuple[int, float]:
        """Count the running jobs and add up their eagerness."""
        if self._asked is not None:
            at, running, eagerness = self._asked
            if at <= now < at + running * _HOLDS_FOR_EACH:
                return running, eagerness
        running, eagerness = connection.execute(_ASKED).one()
        self._asked = (now, running, eagerness)
        return running, eagerness
