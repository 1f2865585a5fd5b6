"""Clocks that were wrong: times further ahead than this bot ever writes them are brought near."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Table, update

from bot.store.engine import Database
from bot.store.tables import errands, homes, jobs, lanes, links, notices, whispers

# Back-offs and pauses are a minute at the most, leases less.
_FURTHEST = timedelta(minutes=3)
# An app that is still processed is asked for with pauses that double.
_FURTHEST_LINK = timedelta(minutes=30)
_LEASE = timedelta(seconds=55)
_CLAIMED: tuple[tuple[Table, timedelta], ...] = (
    (jobs, _FURTHEST),
    (notices, _FURTHEST),
    (errands, _FURTHEST),
    (whispers, _FURTHEST),
    (homes, _FURTHEST),
    (links, _FURTHEST_LINK),
)


class Clocks:
    """Heals what a clock left in the future that was set back, here or on another machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_right(self, now: datetime) -> None:
        """Make due what would be due in an hour; a lease there ends when a fresh one would."""
        await self._database.at_once(partial(_set_right, now=now), for_people=False)


def _set_right(connection: Connection, now: datetime) -> None:
    for table, furthest in _CLAIMED:
        late = update(table).where(table.c.due_at > now + furthest)
        held = update(table).where(
            # Only what is due is ever claimed, and found by that.
            table.c.due_at.is_not(None),
            table.c.lease_until > now + _FURTHEST,
        )
        connection.execute(late.values(due_at=now))
        connection.execute(held.values(lease_until=now + _LEASE))
    closed = update(lanes).where(lanes.c.opens_at > now + _FURTHEST)
    connection.execute(closed.values(opens_at=now))
