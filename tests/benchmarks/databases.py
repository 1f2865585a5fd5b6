"""A database of each kind to measure with, both on the disk and as careful as in production."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

from tests.chaos.databases import postgres


@asynccontextmanager
async def sqlite() -> AsyncIterator[str]:
    """Make room for a file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite+aiosqlite:///{Path(folder) / 'bot.db'}"


@asynccontextmanager
async def postgresql() -> AsyncIterator[str]:
    """Start a server, or use the one that TEST_POSTGRES_URL names."""
    async with postgres() as database:
        yield database.url.replace("postgresql://", "postgresql+asyncpg://", 1)


DATABASES: Final[dict[str, Callable[[], AbstractAsyncContextManager[str]]]] = {
    "SQLite": sqlite,
    "PostgreSQL": postgresql,
}
