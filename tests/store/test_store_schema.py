import asyncio
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.store import Store, postgres, schema
from bot.store.engine import Database
from bot.store.schema import Standing
from bot.store.server import Server
from bot.store.tables import buckets, metadata
from bot.store.trouble import DatabaseTroubleError, said
from tests.clock import Clock


async def test_an_upgraded_database_has_no_difference_to_the_models(store: Store) -> None:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))

    assert await store.database.look(compare) == []


async def test_by_its_address_others_read_the_database_too(store: Store, database_url: str) -> None:
    assert await schema.standing(store.database) is Standing.AT_HEAD
    others = create_async_engine(database_url)
    async with others.connect() as connection:
        revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    await others.dispose()
    assert revision == schema.head()


async def test_an_empty_database_comes_to_head_once(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    assert await schema.standing(database) is Standing.EMPTY
    await schema.migrate(database)
    assert await schema.standing(database) is Standing.AT_HEAD
    await schema.migrate(database)
    await database.close()


@pytest.mark.parametrize(
    ("revision", "standing"),
    [("0000", Standing.BEHIND), ("9999", Standing.AHEAD), ("1975ea83b712", Standing.FOREIGN)],
)
async def test_a_database_of_another_version_or_program_is_told_apart(
    store: Store, revision: str, standing: Standing
) -> None:
    known = schema.head()
    await _set_revision(store, revision)
    assert await schema.standing(store.database) is standing
    if standing is Standing.AHEAD:
        await schema.migrate(store.database)  # what is newer stays so
        assert await schema.current(store.database) == revision
    if standing is Standing.FOREIGN:
        with pytest.raises(DatabaseTroubleError, match="something else than the bot's tables"):
            await schema.migrate(store.database)
    await _set_revision(store, known)


def _begun(database: Database) -> AbstractAsyncContextManager[AsyncConnection]:
    """Hold a transaction open on a server while others try."""
    assert isinstance(database._side, Server)
    return database._side.engine.begin()


async def test_two_releases_do_not_race(postgres_at_head: str) -> None:
    first, second = Database(postgres_at_head), Database(postgres_at_head)
    waited = asyncio.Event()
    async with _begun(first) as connection:
        await connection.run_sync(schema._upgrade, lambda: None)
        race = asyncio.create_task(schema.migrate(second, waited.set))
        await asyncio.wait_for(waited.wait(), 10)
        assert not race.done()
    await asyncio.wait_for(race, 10)
    await first.close()
    await second.close()


async def test_a_release_waits_neither_for_a_table_nor_for_another_without_end(
    postgres_at_head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_LOCK_TIMEOUT", "20ms")
    monkeypatch.setattr(schema, "_STATEMENT_TIMEOUT", "200ms")
    first, second, waited = Database(postgres_at_head), Database(postgres_at_head), list[int]()
    async with _begun(first) as holder:
        await holder.execute(text("LOCK TABLE jobs"))
        with pytest.raises(Exception, match="lock timeout") as raised:
            await second.at_once(_migrates_jobs)
        assert said(raised.value) == "A table is in use by others for too long."
        await holder.run_sync(schema._take_release, lambda: None)
        with pytest.raises(Exception, match="statement timeout") as raised:
            await schema.migrate(second, lambda: waited.append(1))
        assert said(raised.value) == "The database server took too long."
        assert waited == [1], "it says at once that it waits"
    await first.close()
    await second.close()


def _migrates_jobs(connection: Connection) -> None:
    schema._take_release(connection, lambda: None)
    connection.execute(text("LOCK TABLE jobs"))


async def test_the_release_of_a_machine_that_died_is_given_back(
    postgres_at_head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = "SET idle_in_transaction_session_timeout = '300ms'"
    monkeypatch.setattr(postgres, "_ABANDONED", silent)
    dead, alive, waited = Database(postgres_at_head), Database(postgres_at_head), list[int]()
    await schema.standing(alive)  # connected, it asks before the silence has lasted too long
    with suppress(DBAPIError):  # the server has ended its session
        async with _begun(dead) as connection:
            await connection.run_sync(schema._take_release, lambda: None)
            await asyncio.wait_for(schema.migrate(alive, lambda: waited.append(1)), 10)
    assert waited == [1]
    assert (await schema.standing(alive)).fits
    await dead.close()
    await alive.close()


async def _set_revision(store: Store, revision: str) -> None:
    moved = text("UPDATE alembic_version SET version_num = :to").bindparams(to=revision)
    await store.database.carry_out(moved)


async def test_read_then_write_loses_no_update(store: Store, clock: Clock) -> None:
    await store.budget.take("normal", clock())

    def add_one(connection: Connection) -> None:
        limit = connection.scalar(select(buckets.c.limit).with_for_update()) or 0
        connection.execute(update(buckets).values(limit=limit + 1))

    ways = (True, False) * 10
    await asyncio.gather(*(store.database.at_once(add_one, for_people=each) for each in ways))
    [row] = await store.database.rows(select(buckets.c.limit))
    assert row["limit"] == 260
