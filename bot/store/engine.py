"""The database: one engine, transactions that are safe on both kinds, the schema's place."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store.turn import Turn

_READ_ONLY = "bot_reads_only"


class Database:
    """One database, SQLite or PostgreSQL, seen through transactions."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: AsyncEngine = create_async_engine(self.url)
        self._reads = self.engine.execution_options(**{_READ_ONLY: True})
        self._turn = Turn()
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _set_up_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def write(self, *, for_people: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that commits at its end and is undone by an exception.

        SQLite has one writer: standing in line here is fair, its busy handler is not, and
        someone who waits for an ack goes first.
        """
        async with self._my_turn(for_people), self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only looks."""
        async with self._reads.connect() as connection:
            yield connection

    def _my_turn(self, for_people: bool) -> AbstractAsyncContextManager[None]:  # noqa: FBT001 - passed on
        return self._turn.taken(for_people=for_people) if self.is_sqlite else nullcontext()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Otherwise the driver begins transactions by itself, late and deferred: updates get lost.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
