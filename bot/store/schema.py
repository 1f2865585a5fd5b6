"""The schema's revisions: where the database stands, and bringing it to head."""

from collections.abc import Callable
from enum import Enum, auto
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.store.engine import Database
from bot.store.tables import metadata
from bot.store.trouble import DatabaseTroubleError

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"
_REVISIONS = _PROJECT.parent / "migrations" / "versions"
_NUMBER, _VERSION = 4, "alembic_version"
# Any number of our own: whoever migrates holds it.
_RELEASE = 0x6275696C64
# What waits for a table keeps everyone behind it waiting as well: rather try again.
_LOCK_TIMEOUT, _STATEMENT_TIMEOUT = "10s", "5min"
_FOREIGN = (
    "The database holds something else than the bot's tables: check DATABASE_URL. "
    "Nothing was changed."
)


class Standing(Enum):
    """Where a database stands, seen from this version of the bot."""

    EMPTY = auto()
    BEHIND = auto()
    AT_HEAD = auto()
    AHEAD = auto()
    """A later version has migrated it; it left what this version uses: expand, then contract."""
    FOREIGN = auto()

    @property
    def fits(self) -> bool:
        """Whether this version can work with it."""
        return self in {Standing.AT_HEAD, Standing.AHEAD}


@cache
def head() -> str:
    """Name the newest revision that this version of the bot knows."""
    # Their files begin with their numbers: who is at head need not load all of them.
    return max(path.name[:_NUMBER] for path in _REVISIONS.glob("[0-9]*.py"))


async def current(database: Database) -> str | None:
    """Name the revision the database is at; None for an empty one."""
    return await database.look(_current)


async def standing(database: Database) -> Standing:
    """Say where the database stands."""
    return await database.look(_standing)


async def migrate(database: Database, waits: Callable[[], None] = lambda: None) -> None:
    """Bring the database to head, in one transaction; `waits` is told of another release.

    Raises DatabaseTroubleError when it is another program's.
    """
    await database.at_once(partial(_upgrade, waits=waits), for_people=False)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION):
        return None
    at: str | None = connection.scalar(text(f"SELECT version_num FROM {_VERSION}"))  # noqa: S608 - a name of ours
    return at


def _standing(connection: Connection) -> Standing:
    tables = set(inspect(connection).get_table_names())
    at = _current(connection)
    if at is None:
        # On a PostgreSQL server others may have tables beside ours, a file is ours alone.
        is_file = connection.dialect.name == "sqlite"
        theirs = tables - {_VERSION} if is_file else tables & metadata.tables.keys()
        return Standing.FOREIGN if theirs or _is_marked(connection) else Standing.EMPTY
    if not (at.isdecimal() and len(at) == _NUMBER and {"jobs", "notices"} <= tables):
        return Standing.FOREIGN
    if at == head():
        return Standing.AT_HEAD
    return Standing.AHEAD if at > head() else Standing.BEHIND


def _is_marked(connection: Connection) -> bool:
    """Say whether a program has put its mark into the file (https://www.sqlite.org/fileformat.html)."""
    if connection.dialect.name != "sqlite":
        return False
    return bool(connection.exec_driver_sql("PRAGMA application_id").scalar())


def _upgrade(connection: Connection, waits: Callable[[], None]) -> None:
    if connection.dialect.name == "postgresql":
        _take_release(connection, waits)
    match _standing(connection):
        case Standing.FOREIGN:
            raise DatabaseTroubleError(_FOREIGN)
        case Standing.EMPTY | Standing.BEHIND:
            _run_revisions(connection)


def _take_release(connection: Connection, waits: Callable[[], None]) -> None:
    """Be the only release that migrates, until the transaction ends."""
    connection.execute(text(f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT}'"))
    if not connection.scalar(text(f"SELECT pg_try_advisory_xact_lock({_RELEASE})")):
        waits()
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_RELEASE})"))
    connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))


def _run_revisions(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - at head the bot starts sooner without
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config(toml_file=_PROJECT, attributes={"connection": connection})
    command.upgrade(config, "head")
