"""The catalogue: names as they were last seen, for suggestions; never to start a build."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.builds.job import Item
from bot.store.engine import Database
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

    async def branches(self, project: str) -> tuple[Item, ...]:
        """List the branches a project had when they were last looked up, by name."""
        return await self._seen(project, _BRANCH)

    async def _saw(self, project: str, kind: str, items: Sequence[Item], now: datetime) -> None:
        which = {"project": project, "kind": kind}
        rows = [which | {"remote_id": item.id, "name": item.name, "seen_at": now} for item in items]
        async with self._database.write() as connection:
            old = delete(seen).where(seen.c.project == project, seen.c.kind == kind)
            await connection.execute(old)
            if rows:
                await connection.execute(insert(seen), rows)

    async def _seen(self, project: str, kind: str) -> tuple[Item, ...]:
        query = (
            select(seen.c.remote_id, seen.c.name)
            .where(seen.c.project == project, seen.c.kind == kind)
            .order_by(seen.c.name)
        )
        async with self._database.read() as connection:
            return tuple(Item(*row) for row in await connection.execute(query))
