"""One process for one SQLite file: a lock beside it that the operating system gives back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.store.engine import Database


class NotAloneError(Exception):
    """Another process serves the same SQLite file."""

    def __init__(self, path: Path) -> None:
        one = f"Another process serves {path} already, and one SQLite file takes only one."
        super().__init__(f"{one} Stop that one first, or use DATABASE_URL=postgres://…")


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Be the only one that serves this file; raises NotAloneError.

    The lock is on a file of its own: `migrate`, the doctor and a backup work beside it. It is
    gone with its process, however that dies; the empty file stays, and means nothing.
    """
    path = database.url.database
    if not database.is_sqlite or not path or path == ":memory:" or path.startswith("file:"):
        yield
        return
    place = Path(path).resolve()
    with closing(sqlite3.connect(f"{place}-served", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise NotAloneError(place) from error
            raise
        yield
