"""The history: what was built, page by page, and what became of one build."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from bot.builds.history import Event, Listing, Page, Story
from bot.builds.job import ACTIVE, TERMINAL, Asker, Job, JobKind, JobState
from bot.builds.names import fold
from bot.store.channels import shown_there
from bot.store.codec import job_from
from bot.store.engine import Database
from bot.store.tables import events, is_active, is_amiss, jobs

_MOST_RUNNING = 10
_BATCH = 50
_LOOKS_BACK = 1_000
_AMISS = TERMINAL - {JobState.READY}
# PlayCanvas's own name of the branch that is built when none is named.
_MAIN = "main"


class History:
    """Reads what was; every method is one transaction that only looks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: Listing, asker: Asker) -> Page:
        """List builds as the one who asks may see them: newest first."""
        scope = _scope(wanted, asker)

        def look(connection: Connection) -> Page:
            newer = _newer(connection, wanted, scope) if wanted.after is not None else None
            return newer or _older(connection, wanted, scope)

        return await self._database.look(look)

    async def find(self, job_id: int, asker: Asker) -> Job | None:
        """Read a job as it is now, if the one who asks may see it."""
        rows = await self._database.rows(_one(job_id, asker))
        return job_from(rows[0]) if rows else None

    async def story(self, job_id: int, asker: Asker) -> Story | None:
        """Read a job with every move it made, if the one who asks may see it."""
        moves = select(events).where(events.c.job_id == job_id).order_by(events.c.id)

        def look(connection: Connection) -> Story | None:
            found = _jobs(connection, _one(job_id, asker))
            if not found:
                return None
            rows = connection.execute(moves)
            moved = (_event(row.at, row.before, row.after, row.detail) for row in rows)
            return Story(found[0], tuple(moved))

        return await self._database.look(look)

    async def latest(self, project: str, branch: str | None, asker: Asker) -> Job | None:
        """Find the newest build of a project that got ready, on a branch if one is named.

        Only one that the one who asks may see. A branch is found by its id or its name; of a
        project's builds only the last thousand count.
        """
        ready = (
            select(jobs)
            .where(
                jobs.c.project == project,
                jobs.c.team_id == asker.team_id,
                shown_there(asker),
                jobs.c.kind == JobKind.BUILD,
                jobs.c.state == JobState.READY,
            )
            .order_by(jobs.c.id.desc())
        )
        return await self._database.look(partial(_latest, ready=ready, branch=branch))


def _latest(connection: Connection, ready: Select[Any], branch: str | None) -> Job | None:
    for offset in range(0, _LOOKS_BACK, _BATCH):
        batch = _jobs(connection, ready.offset(offset).limit(_BATCH))
        for job in batch:
            if branch is None or _is_on(job, branch):
                return job
        if len(batch) < _BATCH:
            break
    return None


def _one(job_id: int, asker: Asker) -> Select[Any]:
    return select(jobs).where(jobs.c.id == job_id, shown_there(asker))


def _scope(wanted: Listing, asker: Asker) -> list[ColumnElement[bool]]:
    scope = [jobs.c.team_id == asker.team_id, shown_there(asker), jobs.c.parent_id.is_(None)]
    if wanted.project is not None:
        scope.append(jobs.c.project == wanted.project)
    if wanted.mine or wanted.state == JobState.REJECTED:
        scope.append(jobs.c.user_id == asker.user_id)
    if wanted.project is None and not wanted.mine:
        scope.append(jobs.c.channel_id == asker.channel_id)
    return scope


def _in_state(wanted: Listing) -> list[ColumnElement[bool]]:
    """Narrow jobs to the states that are listed, in words that find an index for the rare ones."""
    states = wanted.states
    if len(states) == 1 and states <= _AMISS:
        return [jobs.c.state == JobState(*states), is_amiss]
    return [jobs.c.state.in_(states), *([is_active] if states <= ACTIVE else [])]


def _older(connection: Connection, wanted: Listing, scope: list[ColumnElement[bool]]) -> Page:
    listed = select(jobs).where(*scope, *_in_state(wanted))
    if wanted.before is not None:
        listed = listed.where(jobs.c.id < wanted.before)
    newest = listed.order_by(jobs.c.id.desc()).limit(wanted.count + 1)
    found = _jobs(connection, newest)
    running, more = _running(connection, wanted, scope)
    return Page(
        wanted,
        found[: wanted.count],
        older=len(found) > wanted.count,
        newer=wanted.before is not None,
        running=running,
        more_running=more,
    )


def _newer(
    connection: Connection, wanted: Listing, scope: list[ColumnElement[bool]]
) -> Page | None:
    """Read the page above a build; None where the first page is meant."""
    above = select(jobs).where(*scope, *_in_state(wanted), jobs.c.id > wanted.after)
    found = _jobs(connection, above.order_by(jobs.c.id).limit(wanted.count + 1))
    if len(found) <= wanted.count:
        return None
    return Page(wanted, found[wanted.count - 1 :: -1], older=True, newer=True)


def _running(
    connection: Connection, wanted: Listing, scope: list[ColumnElement[bool]]
) -> tuple[tuple[Job, ...], int]:
    if wanted.state is not None or wanted.before is not None:
        return (), 0
    under_way = [*scope, is_active]
    newest = select(jobs).where(*under_way).order_by(jobs.c.id.desc()).limit(_MOST_RUNNING)
    found = _jobs(connection, newest)
    if len(found) < _MOST_RUNNING:
        return found, 0
    count = connection.scalar(select(func.count()).select_from(jobs).where(*under_way)) or 0
    return found, count - len(found)


def _jobs(connection: Connection, query: Select[Any]) -> tuple[Job, ...]:
    rows = connection.execute(query)
    return tuple(job_from(row) for row in rows.mappings())


def _event(at: datetime, before: str | None, after: str, detail: str | None) -> Event:
    return Event(at, JobState(before) if before else None, JobState(after), detail)


def _is_on(job: Job, branch: str) -> bool:
    built = job.resolved.branch if job.resolved else None
    if built is None:
        return fold(branch) == _MAIN
    return branch == built.id or fold(branch) == fold(built.name)
