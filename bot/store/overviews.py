"""Overviews: what App Home is about, read in one transaction."""

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from bot.builds.job import TERMINAL, Job, JobKind, JobState
from bot.builds.overview import Offer, Overview
from bot.builds.projects import Project
from bot.store.channels import shown_to
from bot.store.codec import job_from
from bot.store.engine import Database
from bot.store.tables import is_active, jobs, projects, seen

_MOST_RUNNING = 15
_MOST_RECENT = 10
_MOST_OFFERS = 20
# An accepted job may turn out to name nothing, which is between its asker and the bot.
_UNDER_WAY = (JobState.QUEUED, JobState.SUBMITTING, JobState.RUNNING)
_OVER = tuple(TERMINAL - {JobState.REJECTED})


class Overviews:
    """The one door to what concerns everyone and one person at a glance."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, user_id: str) -> Overview:
        """Read the overview of one person: nothing of private channels that is not their own."""
        alone = jobs.c.parent_id.is_(None)
        under_way = and_(alone, is_active, jobs.c.state.in_(_UNDER_WAY), shown_to(user_id))
        mine = [alone, jobs.c.user_id == user_id, jobs.c.state.in_(_OVER)]

        def look(connection: Connection) -> Overview:
            # By a sum: by the number alone, all that ever were would be read in its order.
            oldest = _listed(under_way).order_by(jobs.c.id + 0)
            running = _jobs(connection, oldest, _MOST_RUNNING)
            recent = _listed(*mine).order_by(jobs.c.id.desc())
            return Overview(
                running=running,
                more_running=_count(connection, jobs.c.id, under_way) - len(running),
                recent=_jobs(connection, recent, _MOST_RECENT),
                offers=(offers := _offers(connection)),
                more_offers=_count(connection, projects.c.folded) - len(offers),
            )

        return await self._database.look(look)


def _listed(*conditions: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return select(jobs).where(*conditions)


def _jobs(connection: Connection, query: Select[tuple[object, ...]], most: int) -> tuple[Job, ...]:
    rows = connection.execute(query.limit(most))
    return tuple(job_from(row) for row in rows.mappings())


def _count(
    connection: Connection, what: ColumnElement[object], *conditions: ColumnElement[bool]
) -> int:
    return connection.scalar(select(func.count(what)).where(*conditions)) or 0


def _offers(connection: Connection) -> tuple[Offer, ...]:
    rows = connection.execute(select(projects).order_by(projects.c.folded).limit(_MOST_OFFERS))
    named = [
        Project(row["name"], row["project"], row["engine"], row["branch"])
        for row in rows.mappings()
    ]
    ids = [project.id for project in named]
    seen_in = _seen(connection, ids) | _built(connection, ids)
    return tuple(Offer(project, seen_in.get(project.id, ())) for project in named)


def _seen(connection: Connection, ids: list[str]) -> dict[str, tuple[str, ...]]:
    first = (
        select(seen.c.project, func.min(seen.c.name).label("scene"))
        .where(seen.c.kind == "scene", seen.c.project.in_(ids))
        .group_by(seen.c.project)
    )
    return {row.project: (row.scene,) for row in connection.execute(first)}


def _built(connection: Connection, ids: list[str]) -> dict[str, tuple[str, ...]]:
    # Project by project: the newest is soon found, to group them all takes as long as there are.
    # "From here to here", not "is": or PostgreSQL passes by all that run, to find each of them.
    # SQLite reads all that ever were between the two.
    here = projects.c.project
    is_file = connection.dialect.name == "sqlite"
    last = (
        select(jobs.c.id)
        .where(
            jobs.c.project == here if is_file else jobs.c.project.between(here, here),
            jobs.c.state == JobState.READY,
            jobs.c.kind == JobKind.BUILD,
        )
        .order_by(jobs.c.project.desc(), jobs.c.id.desc())
        .limit(1)
        .correlate(projects)
        .scalar_subquery()
    )
    found = select(last.label("id")).where(projects.c.project.in_(ids)).cte("newest")
    newest = found.prefix_with("MATERIALIZED", dialect="postgresql")
    rows = connection.execute(select(jobs).where(jobs.c.id.in_(select(newest.c.id))))
    built = [job_from(row).request for row in rows.mappings()]
    return {request.project: request.scenes for request in built}
