"""SQLite's side: how its connections are set up, and hands that do a whole thing in one hop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store.turn import Turn

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

    Drivers that are asynchronous cross to such a thread and back for each statement, three or
    four times; here what is to be done is handed over as a whole.
    """

    def __init__(
        self, url: URL, patience: timedelta, *, reads: bool = False, many: int = 1
    ) -> None:
        self.engine = create_engine(url.set(drivername="sqlite"), pool_size=many)
        set_up(self.engine, patience)
        self.engine = self.engine.execution_options(**{READ_ONLY: reads})
        self._thread = ThreadPoolExecutor(many, "store")

    async def carry_out(self, change: Callable[[Connection], T]) -> T:
        """Commit a change, or undo it with its exception; cancelled, it may still commit."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, change)

    def _do(self, change: Callable[[Connection], T]) -> T:
        with self.engine.begin() as connection:
            return change(connection)

    def close(self) -> None:
        """Finish what is in hand, close the connection."""
        self._thread.shutdown()
        self.engine.dispose()


class Hands:
    """One that is quick for people, one that is patient for the loops, and those that only read.

    SQLite has one writer: standing in line here is fair, its busy handler is not, and someone who
    waits for an ack goes first.
    """

    def __init__(self, url: URL) -> None:
        self.quick = Hand(url, FOR_PEOPLE)
        self.patient = Hand(url, PATIENT)
        self.eye = Hand(url, FOR_PEOPLE, reads=True, many=_EYES)
        self.dialect = self.quick.engine.dialect
        self._turn = Turn()

    async def carry_out(self, change: Callable[[Connection], T], *, for_people: bool) -> T:
        """Carry out a change when it is its turn."""
        hand, within = (self.quick, FOR_PEOPLE) if for_people else (self.patient, None)
        async with self._turn.taken(for_people=for_people, within=within):
            return await hand.carry_out(change)

    async def look(self, question: Callable[[Connection], T]) -> T:
        """Answer a question."""
        return await self.eye.carry_out(question)

    async def close(self) -> None:
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
