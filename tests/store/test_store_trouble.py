import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.builds.job import Asker
from bot.builds.projects import Project
from bot.store import Store, schema, sqlite
from bot.store.alone import NotAloneError, alone
from bot.store.engine import Database
from bot.store.trouble import DatabaseTroubleError, said, told
from tests.clock import Clock, Rung
from tests.store.store_room import job, new

LONG = Project("x" * 50_000, "543988")


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: what is tried here is about its file."""
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite+aiosqlite:///{path}"


async def migrated(path: Path) -> str:
    """Migrate a file that cannot be, and return the sentence."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    with pytest.raises(DatabaseTroubleError) as raised, told():
        await schema.migrate(database)
    await database.close()
    return str(raised.value)


def rubbish(path: Path) -> None:
    path.write_text("This is a letter, and no database.\n" * 100)


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE contacts (name TEXT)")


def marked(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 252006674")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (rubbish, "The database file is no SQLite database: check DATABASE_URL."),
        (foreign, "The database holds something else than the bot's tables"),
        (marked, "The database holds something else than the bot's tables"),
    ],
)
async def test_a_file_that_is_not_ours_stays_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    path = tmp_path / "other.db"
    make(path)
    before = path.read_bytes()
    assert sentence in await migrated(path)
    assert path.read_bytes() == before


async def test_a_file_that_was_cut_is_damaged(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.db"
    shutil.copy(sqlite_template, path)
    os.truncate(path, 3 * 4096)
    assert "damaged: put a backup in its place" in await migrated(path)


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "cannot be opened" in await migrated(tmp_path / "nowhere" / "bot.db")


@pytest.mark.parametrize(
    ("pragma", "sentence"),
    [("max_page_count = 1", "The disk is full"), ("query_only = on", "cannot be written")],
)
async def test_what_cannot_be_written_is_said_until_it_can(
    store: Store, clock: Clock, pragma: str, sentence: str
) -> None:
    database = store.database
    assert await store.health.troubles(clock()) == []
    _set(database, pragma)
    by = Asker("T1", "C1", "U1")
    with pytest.raises(Exception, match=r"full|readonly") as raised:
        await store.projects.add(LONG, by, clock())
    assert sentence in str(said(raised.value))
    [trouble] = await store.health.troubles(clock())
    assert sentence in trouble
    _set(database, "max_page_count = 1000000")
    _set(database, "query_only = off")
    assert await store.health.troubles(clock()) == []
    assert await store.projects.add(LONG, by, clock())


def _set(database: Database, pragma: str) -> None:
    """Set something of the one connection through which the loops write."""
    assert isinstance(database._side, sqlite.Hands)
    with closing(database._side.patient.engine.raw_connection()) as connection:
        connection.cursor().execute(f"PRAGMA {pragma}")


async def test_a_lock_of_someone_else_is_waited_for(store: Store, clock: Clock) -> None:
    path = store.database.url.database
    assert path
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, other.execute, ["COMMIT"]).start()
    added = await store.jobs.add(new(), clock())
    assert (await job(store, added.id)).id == 1
    other.close()


async def test_a_lock_that_stays_is_said(store: Store, clock: Clock) -> None:
    def hurry(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout = 1")

    assert isinstance(store.database._side, sqlite.Hands)
    event.listen(store.database._side.quick.engine, "connect", hurry)
    with closing(sqlite3.connect(str(store.database.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Exception, match="locked") as raised:
            await store.jobs.add(new(), clock())
    assert said(raised.value) == "The database file is locked by another program."
    assert (await store.jobs.add(new(), clock())).id == 1


async def test_who_waits_for_an_ack_does_not_wait_behind_a_loop_that_waits_for_a_lock(
    database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Slack waits three seconds: for the turn, for the lock, and for the way there and back.
    assert timedelta(seconds=2.5) > 2 * sqlite.FOR_PEOPLE
    monkeypatch.setattr(sqlite, "FOR_PEOPLE", timedelta(milliseconds=40))
    store, by = Store(database_url, "account", Rung()), Asker("T1", "C1", "U1")
    with closing(sqlite3.connect(str(store.database.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        loop = asyncio.create_task(store.projects.add(Project("fruit", "543988"), by, clock()))
        for ask in (store.jobs.add(new(), clock()), store.whispers.add("a", by, {}, clock())):
            with pytest.raises(Exception, match="locked"):
                await ask
        assert not loop.done()
        other.execute("COMMIT")
    assert await loop
    await store.database.close()


async def test_a_long_look_does_not_hold_up_the_others(store: Store) -> None:
    meet = threading.Barrier(2)
    looks = (store.database.look(lambda _: meet.wait(timeout=2)) for _ in range(2))
    assert sorted(await asyncio.gather(*looks)) == [0, 1]


async def test_a_fault_of_ours_is_no_trouble_of_the_database(store: Store) -> None:
    with pytest.raises(Exception, match="no such table") as raised:
        await store.database.rows(text("SELECT * FROM elsewhere"))
    assert said(raised.value) is None
    assert said(OSError("of a network")) is None


async def test_one_process_alone_serves_a_file(database_url: str, clock: Clock) -> None:
    first, second = Database(database_url), Store(database_url, "account", Rung())
    with alone(first), pytest.raises(NotAloneError, match="already"), alone(second.database):
        pass
    # Migrating, the doctor and a backup go on beside it.
    with alone(first):
        await schema.migrate(second.database)
        assert (await second.jobs.add(new(), clock())).id == 1
    with alone(second.database):
        await asyncio.sleep(0)
    await first.close()
    await second.database.close()


def test_a_killed_process_leaves_the_file_to_the_next(database_url: str) -> None:
    holds = (
        "import sys, time\n"
        "from bot.store.alone import alone\n"
        "from bot.store.engine import Database\n"
        "with alone(Database(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", holds, database_url]
    root = Path(__file__).parents[2]
    env = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as other:  # noqa: S603 - our own
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(NotAloneError), alone(Database(database_url)):
            pass
        other.kill()
        other.wait()
        with alone(Database(database_url)):
            pass
