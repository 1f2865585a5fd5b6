"""PostgreSQL's side: transactions on connections of a pool, past a server that is restarted."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.store import postgres
from bot.store.trouble import UncertainError, is_away, reached

T = TypeVar("T")
_WAITED_FOR = timedelta(seconds=2.2)
# How long a server that is restarted is waited for, and how often it is tried.
_RESTARTS, _AGAIN = timedelta(seconds=1.5), timedelta(seconds=0.1)


class Server:
    """A server that carries out changes and answers questions."""

    def __init__(self, url: URL, answers_within: timedelta) -> None:
        options = postgres.options(url, answers_within)
        self.engine = create_async_engine(postgres.driven(url), **options)
        postgres.set_up(self.engine.sync_engine, url)
        self.dialect = self.engine.dialect

    async def carry_out(self, change: Callable[[Connection], T], *, for_people: bool) -> T:
        """Commit a change, or undo it with its exception; for people, again if it was lost."""
        if for_people:
            return await self._waited_for(change)
        with reached():
            return await self._once(change)

    async def look(self, question: Callable[[Connection], T]) -> T:
        """Answer a question in a transaction that is taken back."""
        with reached():
            async with self._connected() as connection:
                return await connection.run_sync(question)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    async def _waited_for(self, change: Callable[[Connection], T]) -> T:
        try:
            async with asyncio.timeout(_WAITED_FOR.total_seconds()):
                return await _again_and_again(lambda: self._once(change))
        except TimeoutError as error:
            raise UncertainError from error

    async def _once(self, change: Callable[[Connection], T]) -> T:
        async with self._connected() as connection, connection.begin():
            return await connection.run_sync(change)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        """Connect; a server that is restarted just now is waited for a little."""
        async with AsyncExitStack() as stack:

            async def connect() -> AsyncConnection:
                return await stack.enter_async_context(self.engine.connect())

            yield await _again_and_again(connect, _RESTARTS)


async def _again_and_again(
    attempt: Callable[[], Awaitable[T]], within: timedelta | None = None
) -> T:
    """Try until a server that is away is back."""
    clock = asyncio.get_running_loop().time
    until = clock() + within.total_seconds() if within else math.inf
    while True:
        try:
            return await attempt()
        except Exception as error:
            if not is_away(error) or clock() > until:
                raise
        await asyncio.sleep(_AGAIN.total_seconds())
