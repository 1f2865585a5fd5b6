"""Moves: what a job's move writes beside the job itself, in the transaction of the move."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.builds.audit import Act
from bot.builds.job import TERMINAL, Asker, Job, JobState, finished_at
from bot.builds.transition import NoticeKind, Transition, notices
from bot.store import audit, families, leases, wanted
from bot.store.codec import dump_outcome, dump_resolved, job_from, series
from bot.store.tables import events, jobs

# Long enough for the slowest call that is made under it, time-outs included.
LEASE = timedelta(seconds=45)
_WAITING = (JobState.QUEUED, JobState.SUBMITTING)


def move(
    connection: Connection, job: Job, transition: Transition, now: datetime, by: Asker | None
) -> Job | None:
    """Move a job as it was read, with its event and notices; None if it was moved meanwhile."""
    if job.request.branches is not None:
        families.hold(connection, job.id)
    row = connection.execute(_moved(job, transition, now)).mappings().one_or_none()
    if row is None:
        return None
    after = job_from(row)
    _tell(connection, job, after, now)
    if transition.nudges:
        wanted.want_once(connection, after, NoticeKind.NUDGE, now)
    _tell_family(connection, job, after, transition, now)
    if by is not None:
        stopped = audit.asked(Act.STOPPED, by, job.kind, job.request, job.id)
        audit.note(connection, [stopped], now)
    return after


def _moved(job: Job, transition: Transition, now: datetime) -> ReturningUpdate[tuple[object, ...]]:
    held = [jobs.c.id == job.id, jobs.c.version == job.version]
    if job.lease_owner is not None:
        held.append(jobs.c.lease_owner == job.lease_owner)
    return update(jobs).where(*held).values(_values(job, transition, now)).returning(jobs)


def _values(job: Job, transition: Transition, now: datetime) -> dict[str, object]:
    values: dict[str, object] = {
        "state": transition.state,
        "due_at": transition.due_at,
        "trouble": transition.trouble,
        "attempts": transition.attempts,
        "version": jobs.c.version + 1,
    }
    if transition.keep_lease:
        values["lease_until"] = now + LEASE
    else:
        values |= leases.GIVEN_BACK
    if transition.deadline_at is not None:
        values["deadline_at"] = transition.deadline_at
    if transition.resolved is not None:
        values["resolved"] = dump_resolved(transition.resolved)
        values["series"] = series(job.kind, job.request, transition.resolved)
    if transition.eagerness is not None:
        values["eagerness"] = transition.eagerness
    if transition.remote_id is not None:
        values |= {"remote_id": transition.remote_id, "started_at": now}
    if transition.outcome is not None:
        values |= {
            "outcome": dump_outcome(transition.outcome),
            "finished_at": finished_at(job, transition.outcome, now),
            "ended_at": now,
        }
    return values


def _tell_family(
    connection: Connection, job: Job, after: Job, transition: Transition, now: datetime
) -> None:
    if transition.branches:
        families.divide(connection, after, transition.branches, now)
    elif job.request.branches is not None and after.state in TERMINAL:
        families.stop(connection, after, now)
    elif job.parent_id is not None and job.state != after.state:
        families.follow(connection, job.parent_id, now)


def _tell(connection: Connection, job: Job, after: Job, now: datetime) -> None:
    if job.state == after.state:
        return
    event = {"job_id": job.id, "at": now, "before": job.state, "after": after.state}
    connection.execute(insert(events).values(**event, detail=after.trouble))
    told = notices(job.state, after.state, is_check=job.is_check)
    for kind in told if job.parent_id is None else ():
        wanted.want(connection, after, kind, now)
    if job.state is JobState.RUNNING:
        wanted.quieten(connection, after.id, now)
    if job.state in _WAITING and after.state not in _WAITING:
        wanted.freshen_line(connection, now)
