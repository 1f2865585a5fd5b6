"""Families: several archives that were asked for at once, under one job that speaks for them."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, literal, select, update

from bot.builds import family
from bot.builds.job import TERMINAL, Item, Job, JobState, Resolved
from bot.builds.outcome import Outcome, Unwatched
from bot.builds.request import BuildRequest
from bot.builds.transition import NoticeKind
from bot.store import wanted
from bot.store.codec import dump_outcome, dump_person, dump_request, dump_resolved, job_from, series
from bot.store.engine import Database
from bot.store.tables import events, jobs

_STOPS: Final = {JobState.QUEUED: JobState.CANCELLED, JobState.RUNNING: JobState.UNWATCHED}


class Families:
    """Reads who belongs together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def children(self, parent: Job) -> tuple[Job, ...]:
        """List the archives of a job, in order of their start; of most jobs there are none."""
        if parent.request.branches is None:
            return ()
        theirs = select(jobs).where(jobs.c.parent_id == parent.id).order_by(jobs.c.id)
        return tuple(job_from(row) for row in await self._database.rows(theirs))


def divide(connection: Connection, parent: Job, branches: tuple[Item, ...], now: datetime) -> None:
    """Put one archive of each branch in line, in the transaction of the parent's own move."""
    connection.execute(insert(jobs), [_child(parent, each, now) for each in branches])
    born = select(jobs.c.id, literal(now, events.c.at.type), literal(JobState.QUEUED.value))
    columns = ["job_id", "at", "after"]
    theirs = born.where(jobs.c.parent_id == parent.id)
    connection.execute(insert(events).from_select(columns, theirs))


def hold(connection: Connection, parent_id: int) -> None:
    """Take hold of the children before their parent: who moves one takes them in this order."""
    theirs = select(jobs.c.id).where(jobs.c.parent_id == parent_id).order_by(jobs.c.id)
    connection.execute(theirs.with_for_update())


def follow(connection: Connection, parent_id: int, now: datetime) -> None:
    """Bring the parent to where its children are, and its card up to date."""
    held = select(jobs).where(jobs.c.id == parent_id).with_for_update()
    parent = job_from(connection.execute(held).mappings().one())
    if parent.state in TERMINAL:
        # Stopped while this child was being handed over.
        stop(connection, parent, now)
        return
    count = select(jobs.c.state, func.count()).where(jobs.c.parent_id == parent_id)
    rows = connection.execute(count.group_by(jobs.c.state))
    states = {JobState(state): number for state, number in rows}
    for step in family.moves(parent.state, states):
        ending = family.outcome(states) if step in TERMINAL else None
        parent = _move(connection, parent, step, ending, now)
    wanted.want(connection, parent, NoticeKind.CARD, now)
    if parent.state in TERMINAL:
        wanted.want(connection, parent, NoticeKind.REPLY, now)


def stop(connection: Connection, parent: Job, now: datetime) -> None:
    """Cancel the children that wait, and leave those that run unwatched."""
    by = getattr(parent.outcome, "by", "") or parent.asker.user_id
    for before, after in _STOPS.items():
        theirs = [jobs.c.parent_id == parent.id, jobs.c.state == before]
        moved = select(
            jobs.c.id,
            literal(now, events.c.at.type),
            literal(before.value),
            literal(after.value),
        ).where(*theirs)
        columns = ["job_id", "at", "before", "after"]
        connection.execute(insert(events).from_select(columns, moved))
        ended = update(jobs).where(*theirs).values(_ended(after, Unwatched(by), now))
        connection.execute(ended)


def _move(
    connection: Connection, parent: Job, step: JobState, ending: Outcome | None, now: datetime
) -> Job:
    event = {"job_id": parent.id, "at": now, "before": parent.state, "after": step}
    connection.execute(insert(events).values(event))
    values: dict[str, object] = {"state": step, "version": jobs.c.version + 1}
    if step is JobState.RUNNING:
        values["started_at"] = now
    if ending is not None:
        values = _ended(step, ending, now)
    moved = update(jobs).where(jobs.c.id == parent.id).values(values).returning(jobs)
    return job_from(connection.execute(moved).mappings().one())


def _ended(state: JobState, ending: Outcome, now: datetime) -> dict[str, object]:
    return {
        "state": state,
        "version": jobs.c.version + 1,
        "outcome": dump_outcome(ending),
        "due_at": None,
        "lease_owner": None,
        "lease_until": None,
        "finished_at": now,
        "ended_at": now,
    }


def _child(parent: Job, branch: Item, now: datetime) -> dict[str, object]:
    asker, asked = parent.asker, parent.request
    request, resolved = (
        BuildRequest(asked.project, (), branch.name, alias=asked.alias),
        Resolved((), branch),
    )
    return {
        "kind": parent.kind,
        "state": JobState.QUEUED,
        "intake_key": f"{parent.id}/{branch.id}",
        **dump_person(asker),
        "thread_ts": asker.thread_ts,
        "project": asked.project,
        "request": dump_request(request),
        "resolved": dump_resolved(resolved),
        "series": series(parent.kind, request, resolved),
        "parent_id": parent.id,
        "accepted_at": now,
        "deadline_at": parent.deadline_at,
        "due_at": now,
    }
