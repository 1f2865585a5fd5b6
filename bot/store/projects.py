"""The projects with short names, and which project a channel last built."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.builds.audit import Act
from bot.builds.job import Asker, JobState
from bot.builds.names import fold
from bot.builds.projects import Known, Project
from bot.store.audit import Deed, note
from bot.store.engine import Database
from bot.store.tables import jobs, projects

# Every command asks for the names: within a second it need not be the database.
_FRESH = timedelta(seconds=1)


class Projects:
    """The one door to the short names; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._known: Known | None = None
        self._fresh_at = datetime.min.replace(tzinfo=UTC)

    async def add(self, project: Project, by: Asker, now: datetime) -> bool:
        """Keep a short name; False when it is taken."""
        row = {
            "folded": fold(project.name),
            "name": project.name,
            "project": project.id,
            "engine": project.engine,
            "branch": project.branch,
            "added_by": by.user_id,
            "added_at": now,
        }

        def make(connection: Connection) -> None:
            connection.execute(insert(projects).values(row))
            note(connection, [_deed(Act.ADDED, by, project)], now)

        try:
            # Not carried out again when its connection was lost: it would find its own name taken.
            await self._database.at_once(make, for_people=False)
        except IntegrityError:
            return False
        self._known = None
        return True

    async def change(self, name: str, by: Asker, now: datetime, **defaults: str | None) -> bool:
        """Change what a project's builds get by default; False when there is no such name."""
        same = projects.c.folded == fold(name)
        changed = update(projects).where(same).values(**defaults).returning(projects)

        def make(connection: Connection) -> bool:
            before = connection.execute(select(projects).where(same)).mappings().first()
            after = connection.execute(changed).mappings().one_or_none()
            # Done again after a crash it changes nothing, and nobody did it twice.
            if after is not None and after != before:
                note(connection, [_deed(Act.CHANGED, by, _project_from(after))], now)
            return after is not None

        found = await self._database.at_once(make)
        self._known = None
        return found

    async def remove(self, name: str, by: Asker, now: datetime) -> bool:
        """Forget a short name; False when there is none."""
        gone = delete(projects).where(projects.c.folded == fold(name)).returning(projects)

        def make(connection: Connection) -> bool:
            row = connection.execute(gone).mappings().one_or_none()
            if row is not None:
                note(connection, [_deed(Act.REMOVED, by, _project_from(row))], now)
            return row is not None

        found = await self._database.at_once(make)
        self._known = None
        return found

    async def get(self, name: str) -> Project | None:
        """Read the project with a short name, as it is now."""
        query = select(projects).where(projects.c.folded == fold(name))
        rows = await self._database.rows(query)
        return _project_from(rows[0]) if rows else None

    async def all(self) -> tuple[Project, ...]:
        """List the projects by name."""
        rows = await self._database.rows(select(projects).order_by(projects.c.folded))
        return tuple(_project_from(row) for row in rows)

    async def known(self, now: datetime) -> Known:
        """Say which short names a command may use; at most a second old on other machines."""
        async with self._turn:
            if self._known is None or not self._fresh_at <= now < self._fresh_at + _FRESH:
                self._known, self._fresh_at = Known(await self.all()), now
            return self._known

    async def known_in(self, channel_id: str, now: datetime) -> Known:
        """Say the same of one channel, with the project it built last."""
        known = await self.known(now)
        last = (
            select(jobs.c.project)
            .where(jobs.c.channel_id == channel_id, jobs.c.state != JobState.REJECTED)
            .order_by(jobs.c.id.desc())
            .limit(1)
        )
        last_id = await self._database.look(lambda connection: connection.scalar(last))
        if last_id is None:
            return known
        by_id = {project.id: project for project in known.projects}
        return Known(known.projects, by_id.get(last_id, Project("", last_id)))


def _deed(act: Act, by: Asker, project: Project) -> Deed:
    given = {"engine": project.engine, "branch": project.branch}
    defaults = [f"{key}={value}" for key, value in given.items() if value]
    subject = " ".join([f"{project.name} = {project.id}", *defaults])
    return Deed(act, by, subject, project.id)


def _project_from(row: RowMapping) -> Project:
    return Project(row["name"], row["project"], row["engine"], row["branch"])
