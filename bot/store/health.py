"""Health of the database: whether this version can work with it, and whether it takes writes."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert

from bot.store import schema
from bot.store.engine import Database
from bot.store.tables import deliveries
from bot.store.trouble import said

_BEHIND = "The database is not at head: run `python -m bot migrate`."
# Larger than what is free in the pages of a full disk; PostgreSQL's index takes no such key.
_KEY, _LARGE = "health ", 100_000


class Health:
    """What keeps the store from being written, as operators read it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def troubles(self, now: datetime) -> list[str]:
        """List what is wrong; trouble that was met is tried again."""
        if not (await schema.standing(self._database)).fits:
            return [_BEHIND]
        if self._database.trouble is not None:
            await self._write(now)
        return [self._database.trouble] if self._database.trouble else []

    async def _write(self, now: datetime) -> None:
        key = _KEY + "x" * (_LARGE if self._database.is_sqlite else 1)
        same = deliveries.c.key == key

        def write(connection: Connection) -> None:
            connection.execute(delete(deliveries).where(same))
            connection.execute(insert(deliveries).values(key=key, at=now))

        try:
            await self._database.at_once(write, for_people=False)
            await self._database.carry_out(delete(deliveries).where(same))
        except Exception as error:
            if said(error) is None:
                raise
        else:
            self._database.trouble = None
