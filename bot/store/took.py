"""How long builds took that got ready: what is expected of those that run."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from bot.builds.expected import Took
from bot.builds.job import Job, JobState
from bot.store.codec import series
from bot.store.tables import jobs

_LOOKS_BACK = 50


def _took(like: ColumnElement[bool]) -> Select[Any]:
    return (
        select(jobs.c.series, jobs.c.started_at, jobs.c.finished_at)
        .where(like, jobs.c.state == JobState.READY, jobs.c.started_at.is_not(None))
        .order_by(jobs.c.ended_at.desc())
        .limit(_LOOKS_BACK)
    )


_BY_KIND = _took(jobs.c.kind == bindparam("like"))
_BY_SERIES = _took(jobs.c.series == bindparam("like"))


def by_its_kind(connection: Connection, job: Job) -> tuple[Took, ...]:
    """List what the last builds, or the last archives, of the account took; newest first."""
    return _listed(connection, _BY_KIND, job.kind)


def by_its_likes(connection: Connection, job: Job) -> tuple[timedelta, ...]:
    """List how long the last ones of the same project and scenes took; newest first."""
    if job.resolved is None:
        return ()
    likes = _listed(connection, _BY_SERIES, series(job.kind, job.request, job.resolved))
    return tuple(each.duration for each in likes)


def _listed(connection: Connection, took: Select[Any], like: str) -> tuple[Took, ...]:
    rows = connection.execute(took, {"like": like})
    return tuple(Took(name, finished - started) for name, started, finished in rows)
