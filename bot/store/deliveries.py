"""Deliveries: events that have been handled, as Slack brings them again, even after a restart."""

from datetime import datetime

from sqlalchemy import Connection, delete

from bot.store.engine import Database
from bot.store.once import insert_new
from bot.store.tables import deliveries


class Deliveries:
    """The one door to the events that were handled."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self, before: datetime) -> None:
        """Forget events that Slack no longer brings."""
        await self._database.carry_out(delete(deliveries).where(deliveries.c.at < before))


def is_first(connection: Connection, key: str, now: datetime) -> bool:
    """Note a delivery in the transaction of what it causes; False when it came before."""
    noted = insert_new(connection.dialect, deliveries).values(key=key, at=now)
    return bool(connection.execute(noted).rowcount)
