"""Precedents: what earlier builds of a project tell of the next one."""

from sqlalchemy import ColumnElement, func, select

from bot.builds.job import Job, JobKind, JobState, Resolved
from bot.builds.outcome import Ready
from bot.builds.request import BuildRequest
from bot.store.codec import job_from, likeness, series
from bot.store.engine import Database
from bot.store.tables import jobs

# Builds of other branches lie between; so far back nobody remembers what changed since.
_LOOKS_BACK = 50
_MOST_PROJECTS = 100


class Precedents:
    """The one door to what was before; it only reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_engine(self, project: str) -> str | None:
        """Name the engine that the project's last ready build carries, as far as is known."""
        ready = (
            select(jobs)
            .where(
                jobs.c.project == project,
                jobs.c.kind == JobKind.BUILD,  # an archive carries no engine
                jobs.c.state == JobState.READY,
            )
            .order_by(jobs.c.id.desc())
            .limit(1)
        )
        rows = await self._database.rows(ready)
        return _engine(job_from(rows[0])) if rows else None

    async def other_engine(self, job: Job) -> str | None:
        """Name the engine that worked last, when this job was built with another one."""
        used, worked = _asked_for(job), await self.last_engine(job.request.project)
        return worked if worked and used and worked != used else None

    async def started_again(self, job: Job) -> int | None:
        """Find the number of the last job that was started in the place of this one."""
        anew = jobs.c.remote_id.is_distinct_from(job.remote_id)
        later = select(func.max(jobs.c.id)).where(jobs.c.retry_of == job.id, anew)
        return await self._database.look(lambda connection: connection.scalar(later))

    async def picked_up(self, job: Job) -> int | None:
        """Find the number of the job that brought what this one had left at PlayCanvas."""
        brought = select(func.max(jobs.c.id)).where(
            jobs.c.retry_of == job.id,
            jobs.c.remote_id == job.remote_id,
            jobs.c.state.in_((JobState.READY, JobState.FAILED)),
        )
        return await self._database.look(lambda connection: connection.scalar(brought))

    async def last_ready(self, job: Job, resolved: Resolved) -> Job | None:
        """Find the last ready build of the same scenes on the same branch that knew its place."""
        ready = (
            select(jobs)
            .where(
                jobs.c.series == series(job.kind, job.request, resolved),
                jobs.c.state == JobState.READY,
                jobs.c.id < job.id,
            )
            .order_by(jobs.c.ended_at.desc())
            .limit(_LOOKS_BACK)
        )
        found = [job_from(row) for row in await self._database.rows(ready)]
        known = (each for each in found if each.resolved and each.resolved.checkpoint_id)
        branch_id = _branch_id(resolved)
        same = (each for each in known if each.resolved and _branch_id(each.resolved) == branch_id)
        return next(same, None)

    async def built_last(self, team_id: str, request: BuildRequest) -> str | None:
        """Name the checkpoint that the last ready build of the same request was made of."""
        ready = (
            select(jobs)
            .where(
                jobs.c.project == request.project,
                jobs.c.team_id == team_id,
                jobs.c.likeness == likeness(JobKind.BUILD, request),
                jobs.c.state == JobState.READY,
            )
            .order_by(jobs.c.id.desc())
            .limit(1)
        )
        rows = await self._database.rows(ready)
        resolved = job_from(rows[0]).resolved if rows else None
        return resolved.checkpoint_id if resolved else None

    async def last_in(self, channel_id: str, project: str | None = None) -> Job | None:
        """Find the build, or that of one project, that a channel asked for last."""
        last = select(jobs).where(*_asked_in(channel_id)).order_by(jobs.c.id.desc()).limit(1)
        if project is not None:
            last = last.where(jobs.c.project == project)
        rows = await self._database.rows(last)
        return job_from(rows[0]) if rows else None

    async def projects_in(self, channel_id: str) -> tuple[str, ...]:
        """List the ids of the projects that a channel has built, the last one first."""
        built = (
            select(jobs.c.project)
            .where(*_asked_in(channel_id))
            .group_by(jobs.c.project)
            .order_by(func.max(jobs.c.id).desc())
            .limit(_MOST_PROJECTS)
        )
        return tuple(row["project"] for row in await self._database.rows(built))


def _engine(job: Job) -> str | None:
    """Take the server's word, else what was asked for: older answers do not name the engine."""
    carries = job.outcome.engine_version if isinstance(job.outcome, Ready) else None
    return carries or _asked_for(job)


def _asked_for(job: Job) -> str | None:
    return job.request.options.engine or (job.resolved.engine if job.resolved else None)


def _branch_id(resolved: Resolved) -> str | None:
    return resolved.branch_id or (resolved.branch.id if resolved.branch else None)


def _asked_in(channel_id: str) -> tuple[ColumnElement[bool], ...]:
    # What was rejected has a name in it that does not exist.
    return (
        jobs.c.channel_id == channel_id,
        jobs.c.kind == JobKind.BUILD,
        jobs.c.state != JobState.REJECTED,
    )
