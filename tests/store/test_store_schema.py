import asyncio
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, select, update

from bot.store import Store, schema
from bot.store.engine import Database
from bot.store.tables import buckets, metadata
from tests.clock import Clock


async def test_an_upgraded_database_has_no_difference_to_the_models(store: Store) -> None:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))

    async with store.database.read() as connection:
        assert await connection.run_sync(compare) == []


async def test_an_empty_database_is_not_at_head(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    assert not await schema.is_at_head(database)
    await schema.migrate(database)
    assert await schema.is_at_head(database)
    await schema.migrate(database)
    await database.close()


async def test_read_then_write_loses_no_update(store: Store, clock: Clock) -> None:
    await store.budget.take("normal", clock())

    async def add_one() -> None:
        async with store.database.write() as connection:
            limit = await connection.scalar(select(buckets.c.limit).with_for_update()) or 0
            await asyncio.sleep(0)
            await connection.execute(update(buckets).values(limit=limit + 1))

    await asyncio.gather(*(add_one() for _ in range(50)))
    async with store.database.read() as connection:
        assert await connection.scalar(select(buckets.c.limit)) == 290
