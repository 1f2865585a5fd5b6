"""A database of each kind to measure with, both on the disk and as careful as in production."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
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


@contextmanager
def shared_server() -> Iterator[None]:
    """Have one server, with a database for each who asks: to start one takes seconds."""
    before, stack = dict(os.environ), AsyncExitStack()
    with asyncio.Runner() as runner:
        base = runner.run(stack.enter_async_context(postgres()))
        os.environ["TEST_POSTGRES_URL"] = base.url
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            runner.run(stack.aclose())


DATABASES: Final[dict[str, Callable[[], AbstractAsyncContextManager[str]]]] = {
    "SQLite": sqlite,
    "PostgreSQL": postgresql,
}
