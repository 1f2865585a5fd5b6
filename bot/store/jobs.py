"""Jobs in the database: accepted once, claimed by one, moved only by `record`."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, bindparam, func, select, update

from bot.builds.job import Asker, Job, JobState
from bot.builds.transition import Transition
from bot.store import leases, line, took
from bot.store.codec import job_from
from bot.store.counts import Counts
from bot.store.engine import Database
from bot.store.intake import Intake
from bot.store.moves import LEASE, move
from bot.store.new_job import NewJob
from bot.store.once import Added
from bot.store.tables import jobs
from bot.store.topics import NOTICE

# Written once: they are asked at every step of every loop.
_JOB = select(jobs).where(jobs.c.id == bindparam("number"))
_MINE = (jobs.c.state == bindparam("of_state"), jobs.c.due_at.is_not(None))
_FREE = select(jobs.c.due_at).where(*_MINE, jobs.c.lease_until.is_(None))
_FREE = _FREE.order_by(jobs.c.due_at).limit(1)
_HELD = select(func.min(jobs.c.lease_until)).where(
    *_MINE, jobs.c.lease_until.is_not(None), jobs.c.due_at < bindparam("first")
)
_NEVER = datetime.max.replace(tzinfo=UTC)
_READY = leases.due(jobs).where(jobs.c.state == bindparam("of_state"))
_TAKEN = {"version": jobs.c.version + 1}
_CLAIM_IN_LINE = leases.claiming(jobs, line.in_line(_READY), **_TAKEN)
_CLAIM_MOST_DUE = leases.claiming(jobs, _READY.order_by(jobs.c.due_at, jobs.c.id), **_TAKEN)


class Jobs:
    """The one door to the jobs; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring
        self._intake = Intake(database)
        self._counts = Counts(database)

    async def add(self, new: NewJob, now: datetime) -> Added:
        """Accept a job; return after the commit. A repeat finds the job of its first time."""
        added = await self._intake.add(new, now)
        self._ring(JobState.ACCEPTED)
        return added

    async def next_due(self, state: JobState) -> datetime | None:
        """Say when the most due job in this state can be claimed; a lease postpones it."""

        def earliest(connection: Connection) -> datetime | None:
            first = connection.scalar(_FREE, {"of_state": state})
            # What is held was due before it was claimed: only what is due earlier is looked at.
            leased = connection.scalar(_HELD, {"of_state": state, "first": first or _NEVER})
            return min((at for at in (first, leased) if at is not None), default=None)

        return await self._database.look(earliest)

    async def claim(self, state: JobState, owner: str, now: datetime) -> Job | None:
        """Take the lease of one due job: in turn while it waits, else the most due."""
        claim = _CLAIM_IN_LINE if state is JobState.QUEUED else _CLAIM_MOST_DUE
        row = await leases.claim(self._database, claim, owner, now, LEASE, of_state=state)
        return job_from(row) if row else None

    async def record(
        self, job: Job, transition: Transition, now: datetime, by: Asker | None = None
    ) -> Job | None:
        """Write a move with its event and notices, or None when someone else took the job over.

        `by` is who stopped it, if someone did.
        """
        moved = partial(move, job=job, transition=transition, now=now, by=by)
        after = await self._database.at_once(moved, for_people=by is not None)
        if after is not None:
            self._ring(after.state)
            self._ring(NOTICE)
        return after

    async def get(self, job_id: int) -> Job | None:
        """Read a job as it is now."""

        def found(connection: Connection) -> Job | None:
            row = connection.execute(_JOB, {"number": job_id}).mappings().one_or_none()
            return job_from(row) if row else None

        return await self._database.look(found)

    async def abandoned(self, now: datetime) -> list[Job]:
        """List jobs whose holder died between the claim and the answer to a start."""
        query = select(jobs).where(
            jobs.c.state == JobState.SUBMITTING,
            jobs.c.due_at.is_not(None),
            jobs.c.lease_until < now,
        )
        return await self._database.look(
            lambda connection: [job_from(row) for row in connection.execute(query).mappings()]
        )

    async def place(self, job: Job) -> int:
        """Count a waiting job's place in line; 1 starts next."""
        return await self._database.look(partial(line.place, job=job))

    async def durations(self, job: Job) -> Sequence[timedelta]:
        """List how long the last builds of the same project and scenes took, newest first."""
        return await self._database.look(partial(took.by_its_likes, job=job))

    async def count(self) -> dict[str, int]:
        """Count the jobs in each state."""
        return await self._counts.by_state()

    async def forget_response_urls(self, before: datetime) -> None:
        """Wipe response URLs that Slack no longer takes: what is not kept cannot leak."""
        stale = update(jobs).where(jobs.c.accepted_at < before, jobs.c.response_url.is_not(None))
        await self._database.carry_out(stale.values(response_url=None))
