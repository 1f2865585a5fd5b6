"""The schema's revisions: where the database stands, and bringing it to head."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store.engine import Database

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def head() -> str | None:
    """Name the newest revision that this version of the bot knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def current(database: Database) -> str | None:
    """Name the revision the database is at; None for an empty one."""
    async with database.read() as connection:
        return await connection.run_sync(_current)


async def is_at_head(database: Database) -> bool:
    """Say whether the database fits this version of the bot."""
    return await current(database) == await asyncio.to_thread(head)


async def migrate(database: Database) -> None:
    """Bring the database to head, in one transaction."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    return Config(toml_file=_PROJECT)
