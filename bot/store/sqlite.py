"""SQLite: how its connections are set up, and one that carries out a whole change in one hop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

READ_ONLY = "bot_reads_only"
# Slack waits three seconds, in which another's turn may have to pass as well.
FOR_PEOPLE, PATIENT = timedelta(seconds=1), timedelta(seconds=5)
# Writers take turns, who only looks disturbs nobody: the loops' short questions don't stand in
# line behind a list of builds, a Home and the counting of a million jobs.
_EYES = 4
T = TypeVar("T")


def set_up(engine: Engine, patience: timedelta = PATIENT) -> None:
    """Make an engine's transactions safe: they begin when they say so, and writing ones lock.

    `patience`: how long another program's lock is waited for.
    """
    event.listen(engine, "connect", partial(_connected, patience))
    event.listen(engine, "begin", _begin)


class Hand:
    """A connection on a thread of its own, or several.

    aiosqlite crosses to its thread and back for each statement, three or four times; what is
    asked often, or waited for, is handed over as a whole.
    """

    def __init__(
        self, url: URL, patience: timedelta, *, reads: bool = False, many: int = 1
    ) -> None:
        self._engine = create_engine(url.set(drivername="sqlite"), pool_size=many)
        set_up(self._engine, patience)
        self._engine = self._engine.execution_options(**{READ_ONLY: reads})
        self._thread = ThreadPoolExecutor(many, "store")
        self._is_open = False

    async def open(self) -> None:
        """Open the file before aiosqlite does, whose thread outlives a file that cannot be."""
        if not self._is_open:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
            self._is_open = True

    def _open(self) -> None:
        self._engine.connect().close()

    async def carry_out(self, change: Callable[[Connection], T]) -> T:
        """Commit a change, or undo it with its exception; cancelled, it may still commit."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, change)

    def _do(self, change: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return change(connection)

    def close(self) -> None:
        """Finish what is in hand, close the connection."""
        self._thread.shutdown()
        self._engine.dispose()


class Hands:
    """One that is quick for people, one that is patient for the loops, and those that only read."""

    def __init__(self, url: URL) -> None:
        self.quick = Hand(url, FOR_PEOPLE)
        self.patient = Hand(url, PATIENT)
        self.eye = Hand(url, FOR_PEOPLE, reads=True, many=_EYES)

    def close(self) -> None:
        """Close them all."""
        for each in (self.quick, self.patient, self.eye):
            each.close()


def _connected(
    patience: timedelta, connection: DBAPIConnection, _entry: ConnectionPoolEntry
) -> None:
    # Otherwise the driver begins transactions by itself, late and deferred: updates get lost.
    connection.isolation_level = None
    try:
        _prepare(connection.cursor(), patience)
    except Exception:
        connection.close()  # the pool never gets to know it
        raise


def _prepare(cursor: DBAPICursor, patience: timedelta) -> None:
    cursor.execute(f"PRAGMA busy_timeout = {patience // timedelta(milliseconds=1)}")
    # The file keeps this mode: another program's stays as it is, `migrate` refuses it.
    cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    tables = {name for (name,) in cursor.fetchall()}
    cursor.execute("PRAGMA application_id")
    if "notices" in tables or not (tables or any(mark for (mark,) in cursor.fetchall())):
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
