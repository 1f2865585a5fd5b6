"""Jobs in the database: accepted once, claimed by one, moved only by `record`."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.builds.audit import Act
from bot.builds.job import TERMINAL, Asker, Job, JobState, finished_at
from bot.builds.transition import NoticeKind, Transition, notices
from bot.builds.turns import in_turn
from bot.store import audit, families, wanted
from bot.store.codec import dump_outcome, dump_resolved, job_from, series
from bot.store.engine import Database
from bot.store.intake import Added, Intake, NewJob
from bot.store.tables import events, jobs
from bot.store.topics import NOTICE

# Long enough for the slowest call that is made under it, time-outs included.
LEASE = timedelta(seconds=45)
_WAITING = (JobState.QUEUED, JobState.SUBMITTING)
_LOOKS_BACK = 50


class Jobs:
    """The one door to the jobs; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring
        self._intake = Intake(database)

    async def add(self, new: NewJob, now: datetime) -> Added:
        """Accept a job; return after the commit. A repeat finds the job of its first time."""
        added = await self._intake.add(new, now)
        self._ring(JobState.ACCEPTED)
        return added

    async def next_due(self, state: JobState) -> datetime | None:
        """Say when the most due job in this state can be claimed; a lease postpones it."""
        mine = (jobs.c.state == state, jobs.c.due_at.is_not(None))
        free = select(jobs.c.due_at).where(*mine, jobs.c.lease_until.is_(None))
        held = select(func.min(jobs.c.lease_until)).where(*mine, jobs.c.lease_until.is_not(None))

        def earliest(connection: Connection) -> datetime | None:
            first = connection.scalar(free.order_by(jobs.c.due_at).limit(1))
            # What is held was due before it was claimed: only what is due earlier is looked at.
            leased = connection.scalar(held if first is None else held.where(jobs.c.due_at < first))
            return min((at for at in (first, leased) if at is not None), default=None)

        return await self._database.look(earliest)

    async def claim(self, state: JobState, owner: str, now: datetime) -> Job | None:
        """Take the lease of one due job: in turn while it waits, else the most due."""
        ready = select(jobs.c.id).where(jobs.c.state == state, jobs.c.due_at <= now, _free(now))
        if state is JobState.QUEUED:
            started = _started().cte("started")
            ready = ready.outerjoin(started, started.c.channel_id == jobs.c.channel_id)
            ready = ready.order_by(func.coalesce(started.c.number, 0), jobs.c.id)
        else:
            ready = ready.order_by(jobs.c.due_at, jobs.c.id)
        due = ready.limit(1).with_for_update(skip_locked=True, of=jobs).cte("due")
        claimed = (
            update(jobs)
            .where(jobs.c.id.in_(select(due.c.id)))
            .values(lease_owner=owner, lease_until=now + LEASE, version=jobs.c.version + 1)
            .returning(jobs)
        )
        async with self._database.write() as connection:
            row = (await connection.execute(claimed)).mappings().one_or_none()
        return job_from(row) if row else None

    async def record(
        self, job: Job, transition: Transition, now: datetime, by: Asker | None = None
    ) -> Job | None:
        """Write a move with its event and notices, or None when someone else took the job over.

        `by` is who stopped it, if someone did.
        """
        held = [jobs.c.id == job.id, jobs.c.version == job.version]
        if job.lease_owner is not None:
            held.append(jobs.c.lease_owner == job.lease_owner)
        moved = update(jobs).where(*held).values(_values(job, transition, now)).returning(jobs)

        async def change(connection: AsyncConnection) -> Job | None:
            if job.request.branches is not None:
                await families.hold(connection, job.id)
            row = (await connection.execute(moved)).mappings().one_or_none()
            if row is None:
                return None
            after = job_from(row)
            await _tell(connection, job, after, now)
            if transition.nudges:
                await wanted.want_once(connection, after, NoticeKind.NUDGE, now)
            await _tell_family(connection, job, after, transition, now)
            if by is not None:
                stopped = audit.asked(Act.STOPPED, by, job.kind, job.request, job.id)
                await audit.note(connection, [stopped], now)
            return after

        after = await self._made(change, for_people=by is not None)
        if after is not None:
            self._ring(after.state)
            self._ring(NOTICE)
        return after

    async def _made(
        self, change: Callable[[AsyncConnection], Awaitable[Job | None]], *, for_people: bool
    ) -> Job | None:
        if for_people:
            return await self._database.carry_out(change)
        async with self._database.write() as connection:
            return await change(connection)

    async def get(self, job_id: int) -> Job | None:
        """Read a job as it is now."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(jobs).where(jobs.c.id == job_id))
            row = rows.mappings().one_or_none()
        return job_from(row) if row else None

    async def abandoned(self, now: datetime) -> list[Job]:
        """List jobs whose holder died between the claim and the answer to a start."""
        query = select(jobs).where(
            jobs.c.state == JobState.SUBMITTING,
            jobs.c.due_at.is_not(None),
            jobs.c.lease_until < now,
        )
        async with self._database.read() as connection:
            return [job_from(row) for row in (await connection.execute(query)).mappings()]

    async def place(self, job: Job) -> int:
        """Count a waiting job's place in line; 1 starts next."""
        queued = select(jobs.c.id, jobs.c.channel_id).where(
            jobs.c.state == JobState.QUEUED, jobs.c.due_at.is_not(None)
        )
        starting = select(func.count()).where(
            jobs.c.state == JobState.SUBMITTING, jobs.c.due_at.is_not(None)
        )
        async with self._database.read() as connection:
            ahead = await connection.scalar(starting) or 0
            waiting = [
                (row.id, row.channel_id)
                for row in await connection.execute(queued.order_by(jobs.c.id))
            ]
            started = {row.channel_id: row.number for row in await connection.execute(_started())}
        line = takewhile(lambda number: number != job.id, in_turn(waiting, started))
        return 1 + ahead + sum(1 for _ in line)

    async def durations(self, job: Job) -> list[timedelta]:
        """List how long the last builds of the same project and scenes took, newest first."""
        if job.resolved is None:
            return []
        query = (
            select(jobs.c.started_at, jobs.c.finished_at)
            .where(
                jobs.c.series == series(job.kind, job.request, job.resolved),
                jobs.c.state == JobState.READY,
                jobs.c.started_at.is_not(None),
            )
            .order_by(jobs.c.ended_at.desc())
            .limit(_LOOKS_BACK)
        )
        async with self._database.read() as connection:
            return [finished - started for started, finished in await connection.execute(query)]

    async def count(self) -> dict[str, int]:
        """Count the jobs in each state."""
        # In two parts, each of which an index answers.
        parts = [
            select(jobs.c.state, func.count().label("number")).where(part).group_by(jobs.c.state)
            for part in (jobs.c.due_at.is_(None), jobs.c.due_at.is_not(None))
        ]
        counted = Counter[str]()
        async with self._database.read() as connection:
            for row in await connection.execute(union_all(*parts)):
                counted[row.state] += row.number
        return dict(counted)

    async def forget_response_urls(self, before: datetime) -> None:
        """Wipe response URLs that Slack no longer takes: what is not kept cannot leak."""
        stale = update(jobs).where(jobs.c.accepted_at < before, jobs.c.response_url.is_not(None))
        async with self._database.write() as connection:
            await connection.execute(stale.values(response_url=None))


def _started() -> Select[tuple[str, int]]:
    """Count what each channel has under way at PlayCanvas."""
    under_way = jobs.c.state.in_((JobState.SUBMITTING, JobState.RUNNING))
    return (
        select(jobs.c.channel_id, func.count().label("number"))
        .where(under_way, jobs.c.due_at.is_not(None))
        .group_by(jobs.c.channel_id)
    )


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < now)


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
        values |= {"lease_owner": None, "lease_until": None}
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


async def _tell_family(
    connection: AsyncConnection, job: Job, after: Job, transition: Transition, now: datetime
) -> None:
    if transition.branches:
        await families.divide(connection, after, transition.branches, now)
    elif job.request.branches is not None and after.state in TERMINAL:
        await families.stop(connection, after, now)
    elif job.parent_id is not None and job.state != after.state:
        await families.follow(connection, job.parent_id, now)


async def _tell(connection: AsyncConnection, job: Job, after: Job, now: datetime) -> None:
    if job.state == after.state:
        return
    event = {"job_id": job.id, "at": now, "before": job.state, "after": after.state}
    await connection.execute(insert(events).values(**event, detail=after.trouble))
    told = notices(job.state, after.state, is_check=job.is_check)
    for kind in told if job.parent_id is None else ():
        await wanted.want(connection, after, kind, now)
    if job.state is JobState.RUNNING:
        await wanted.quieten(connection, after.id, now)
    if job.state in _WAITING and after.state not in _WAITING:
        await wanted.freshen_line(connection, now)
