"""Trouble with the database: what a driver says, as one sentence for whoever looks after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# Names of sqlite3's result codes begin with these: https://www.sqlite.org/rescode.html
_SQLITE = {
    "SQLITE_FULL": "The disk is full: the database takes nothing more.",
    "SQLITE_READONLY": "The database file cannot be written: check who may write there.",
    "SQLITE_PERM": "The database file cannot be written: check who may write there.",
    "SQLITE_CANTOPEN": "The database file cannot be opened: check the path in DATABASE_URL.",
    "SQLITE_IOERR": "The disk of the database fails: check it, and how full it is.",
    "SQLITE_CORRUPT": "The database file is damaged: put a backup in its place.",
    "SQLITE_NOTADB": "The database file is no SQLite database: check DATABASE_URL.",
    "SQLITE_BUSY": "The database file is locked by another program.",
    "SQLITE_LOCKED": "The database file is locked by another program.",
}
# Classes of SQLSTATE and single ones: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "53100": "The disk of the database server is full.",
    "53300": "The database server has no connection left: run fewer processes, or allow more.",
    "25006": "The database server takes no writes now: it is a replica, or closed for them.",
    "55P03": "A table is in use by others for too long.",
    "57014": "The database server took too long.",
    "28": "The database server refuses the user or the password in DATABASE_URL.",
    "3D": "The database server knows no database of the name in DATABASE_URL.",
    "08": "The connection to the database server is lost.",
    "57P": "The database server is stopping or starting.",
}
_LOST = "The connection to the database server is lost."
_SILENT = "The database server does not answer: check DATABASE_URL and the network."
_CROWDED = "Every connection to the database is in use."


_AWAY = ("57P", "08")


class DatabaseTroubleError(Exception):
    """The database cannot be worked with now: the message says why, and what to do."""


class UncertainError(DatabaseTroubleError):
    """A change was given up before the server said whether it was made."""

    def __init__(self) -> None:
        super().__init__("The database did not answer in time: a change may be made or not.")


@contextmanager
def told() -> Iterator[None]:
    """Raise what a driver raises as a DatabaseTroubleError, where it is trouble of that kind."""
    try:
        yield
    except Exception as error:
        if (sentence := said(error)) is not None:
            raise DatabaseTroubleError(sentence) from error
        if isinstance(error, OSError):
            raise DatabaseTroubleError(_SILENT) from error
        raise


@contextmanager
def reached() -> Iterator[None]:
    """Raise a DatabaseTroubleError for a server that cannot be reached.

    Connections that cannot be made raise an OSError, without SQLAlchemy's cover.
    """
    try:
        yield
    except OSError as error:
        raise DatabaseTroubleError(_SILENT) from error


def is_away(error: Exception) -> bool:
    """Say whether a server was restarted, or is just starting: worth to be asked again."""
    if isinstance(error, OSError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    return str(getattr(cause, "sqlstate", None)).startswith(_AWAY)


def said(error: BaseException) -> str | None:
    """Say what is wrong with the database; None when it is a fault of ours, or no error of its."""
    if isinstance(error, DatabaseTroubleError):
        return str(error)
    if isinstance(error, PoolTimeoutError):
        return _CROWDED
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    name, state = getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None)
    known = _first(_SQLITE, name) or _first(_POSTGRESQL, state)
    if known is None and isinstance(error, DBAPIError) and error.connection_invalidated:
        return _LOST
    return known


def _first(sentences: dict[str, str], code: object) -> str | None:
    if not isinstance(code, str):
        return None
    return next((each for opening, each in sentences.items() if code.startswith(opening)), None)
