"""The catalogue: names as they were last seen, for suggestions; never to start a build."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.builds.job import Item
from bot.store.engine import Database
from bot.store.hold import hold
from bot.store.once import insert
from bot.store.tables import seen

_SCENE, _BRANCH = "scene", "branch"


class Catalog:
    """The one door to what was seen of PlayCanvas; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def saw_scenes(self, project: str, scenes: Sequence[Item], now: datetime) -> None:
        """Keep a project's scenes as they are now, in place of what was kept."""
        await self._saw(project, _SCENE, scenes, now)

    async def saw_branches(self, project: str, branches: Sequence[Item], now: datetime) -> None:
        """Keep a project's open branches as they are now, in place of what was kept."""
        await self._saw(project, _BRANCH, branches, now)

    async def scenes(self, project: str) -> tuple[Item, ...]:
        """List the scenes a project had when it was last looked up, by name."""
        return await self._seen(project, _SCENE)

    async def branches(self, project: str, since: datetime | None = None) -> tuple[Item, ...]:
        """List the open branches a project had when they were last looked up, by name.

        None of them when that was before `since`.
        """
        return await self._seen(project, _BRANCH, since)

    async def _saw(self, project: str, kind: str, items: Sequence[Item], now: datetime) -> None:
        which = {"project": project, "kind": kind}
        names = {item.id: item.name for item in items}
        rows = [
            which | {"remote_id": id_, "name": name, "seen_at": now} for id_, name in names.items()
        ]
        gone = delete(seen).filter_by(**which)
        gone = gone.where(seen.c.remote_id.not_in(list(names)))
        insertion = insert(self._database.dialect, seen)
        new = {"name": insertion.excluded.name, "seen_at": insertion.excluded.seen_at}
        key = seen.primary_key.columns.values()
        saved = insertion.on_conflict_do_update(index_elements=key, set_=new)

        def change(connection: Connection) -> None:
            hold(connection, which.values())
            connection.execute(gone)
            if rows:
                connection.execute(saved, rows)

        await self._database.at_once(change, for_people=False)

    async def _seen(
        self, project: str, kind: str, since: datetime | None = None
    ) -> tuple[Item, ...]:
        query = (
            select(seen.c.remote_id, seen.c.name)
            .where(seen.c.project == project, seen.c.kind == kind)
            .order_by(seen.c.name)
        )
        if since is not None:
            query = query.where(seen.c.seen_at >= since)
        rows = await self._database.rows(query)
        return tuple(Item(row["remote_id"], row["name"]) for row in rows)
