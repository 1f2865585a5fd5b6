"""The line of jobs that wait for a permit to start: whose turn is next, who has which place."""

from itertools import takewhile

from sqlalchemy import Connection, Select, func, select

from bot.builds.job import Job, JobState
from bot.builds.turns import in_turn
from bot.store.tables import jobs
from bot.store.tables.job_indexes import is_started

_QUEUED = (jobs.c.state == JobState.QUEUED, jobs.c.due_at.is_not(None))
_SUBMITTING = (jobs.c.state == JobState.SUBMITTING, jobs.c.due_at.is_not(None))
_WAITING = select(jobs.c.id, jobs.c.channel_id).where(*_QUEUED).order_by(jobs.c.id)
_AHEAD = select(func.count()).where(*_SUBMITTING)
# What each channel that waits has under way at PlayCanvas: to count the others takes as long as
# there are running builds.
_CHANNELS = select(jobs.c.channel_id).where(*_QUEUED).distinct().subquery("waiting")
_STARTED = select(
    _CHANNELS.c.channel_id,
    select(func.count())
    .where(jobs.c.channel_id == _CHANNELS.c.channel_id, is_started)
    .correlate(_CHANNELS)
    .scalar_subquery()
    .label("number"),
)


def in_line(ready: Select[tuple[int]]) -> Select[tuple[int]]:
    """Order waiting jobs by whose channel has the least under way, then by when they were asked."""
    started = _STARTED.cte("started").prefix_with("MATERIALIZED", dialect="postgresql")
    ready = ready.outerjoin(started, started.c.channel_id == jobs.c.channel_id)
    return ready.order_by(func.coalesce(started.c.number, 0), jobs.c.id)


def place(connection: Connection, job: Job) -> int:
    """Count a waiting job's place in line; 1 starts next."""
    ahead = connection.scalar(_AHEAD) or 0
    waiting = [(row.id, row.channel_id) for row in connection.execute(_WAITING)]
    started = {row.channel_id: row.number for row in connection.execute(_STARTED)}
    line = takewhile(lambda number: number != job.id, in_turn(waiting, started))
    return 1 + ahead + sum(1 for _ in line)
