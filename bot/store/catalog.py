"""The catalogue: names as they were last seen, for suggestions; never to start a build."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.builds.job import Item
from bot.store.engine import Database
from bot.store.tables import seen


class Catalog:
    """The one door to what was seen of PlayCanvas; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def saw_scenes(self, project: str, scenes: Sequence[Item], now: datetime) -> None:
        """Keep a project's scenes as they are now, in place of what was kept."""
        which = {"project": project, "kind": "scene"}
        rows = [
            which | {"remote_id": scene.id, "name": scene.name, "seen_at": now} for scene in scenes
        ]
        async with self._database.write() as connection:
            old = delete(seen).where(seen.c.project == project, seen.c.kind == "scene")
            await connection.execute(old)
            if rows:
                await connection.execute(insert(seen), rows)

    async def scenes(self, project: str) -> tuple[Item, ...]:
        """List the scenes a project had when it was last looked up, by name."""
        query = (
            select(seen.c.remote_id, seen.c.name)
            .where(seen.c.project == project, seen.c.kind == "scene")
            .order_by(seen.c.name)
        )
        async with self._database.read() as connection:
            return tuple(Item(*row) for row in await connection.execute(query))
