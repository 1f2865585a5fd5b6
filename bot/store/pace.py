"""Pace: what running jobs ask of the budget, and how long the likes of them took."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.builds.durations import Durations, expected
from bot.builds.job import Job, JobState
from bot.builds.pacing import Load
from bot.store.budget import Budget
from bot.store.codec import series
from bot.store.engine import Database
from bot.store.tables import jobs

_LOOKS_BACK = 50
# What so many ask for together changes slowly: the sum is taken again after so long for each.
_HOLDS_FOR_EACH = timedelta(microseconds=100)


class Pace:
    """The one door to what paces the looks; it only reads, so that every process agrees."""

    def __init__(self, database: Database, budget: Budget) -> None:
        self._database = database
        self._budget = budget
        self._asked: tuple[datetime, int, float] | None = None

    async def load(self, rate_class: str, now: datetime) -> Load:
        """Add up what the running jobs ask for, and say what there is for them."""
        bucket = await self._budget.bucket(rate_class, now)
        running, eagerness = await self._asked_for(now)
        rate = timedelta(seconds=1) / bucket.interval
        return Load(running, eagerness, rate, bucket.spent(now))

    async def _asked_for(self, now: datetime) -> tuple[int, float]:
        """Count the running jobs and add up their eagerness."""
        if self._asked is not None:
            at, running, eagerness = self._asked
            if at <= now < at + running * _HOLDS_FOR_EACH:
                return running, eagerness
        asked = select(func.count(), func.coalesce(func.sum(jobs.c.eagerness), 0.0)).where(
            jobs.c.state == JobState.RUNNING, jobs.c.due_at.is_not(None)
        )
        async with self._database.read() as connection:
            running, eagerness = (await connection.execute(asked)).one()
        self._asked = (now, running, eagerness)
        return running, eagerness

    async def durations(self, job: Job) -> Durations:
        """Expect of a job what its likes have taken."""
        async with self._database.read() as connection:
            account = await _took(connection, jobs.c.kind == job.kind)
            own: Sequence[timedelta] = ()
            if job.resolved is not None:
                same = series(job.kind, job.request, job.resolved)
                own = await _took(connection, jobs.c.series == same)
        return expected(tuple(own), tuple(account))


async def _took(connection: AsyncConnection, like: ColumnElement[bool]) -> list[timedelta]:
    """List how long the last ones took that got ready, newest first."""
    query = (
        select(jobs.c.started_at, jobs.c.finished_at)
        .where(like, jobs.c.state == JobState.READY, jobs.c.started_at.is_not(None))
        .order_by(jobs.c.ended_at.desc())
        .limit(_LOOKS_BACK)
    )
    return [finished - started for started, finished in await connection.execute(query)]
