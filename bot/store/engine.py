"""The database: one engine, transactions that are safe on both kinds, the schema's place."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Connection, Executable, RowMapping, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store import postgres, sqlite
from bot.store.trouble import UncertainError, is_away, reached, said
from bot.store.turn import Turn

T = TypeVar("T")
# Slack waits three seconds, the loops are patient; a release rewrites whole tables.
_ANSWER, RELEASE = timedelta(seconds=10), timedelta(minutes=10)
_WAITED_FOR = timedelta(seconds=2.2)
# How long a server that is restarted is waited for, and how often it is tried.
_RESTARTS, _AGAIN = timedelta(seconds=1.5), timedelta(seconds=0.1)


class Database:
    """One database, SQLite or PostgreSQL, seen through transactions."""

    def __init__(self, url: str, *, answers_within: timedelta = _ANSWER) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine: AsyncEngine = create_async_engine(self.url)
            sqlite.set_up(self.engine.sync_engine)
        else:
            options = postgres.options(self.url, answers_within)
            self.engine = create_async_engine(postgres.driven(self.url), **options)
            postgres.set_up(self.engine.sync_engine, self.url)
        self.trouble: str | None = None
        self._reads = self.engine.execution_options(**{sqlite.READ_ONLY: True})
        self._turn = Turn()
        self._hands = sqlite.Hands(self.url) if self.is_sqlite else None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that commits at its end and is undone by an exception.

        SQLite has one writer: standing in line here is fair, its busy handler is not, and
        someone who waits for an ack goes first.
        """
        with self._noting(), reached():
            async with self._my_turn(), self._begun() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only looks."""
        with reached():
            async with self._connected(self._reads) as connection:
                yield connection

    async def at_once(self, change: Callable[[Connection], T], *, for_people: bool = True) -> T:
        """Carry out a change in a transaction of its own; on SQLite it goes over as a whole.

        A loop is patient. What someone waits for has to do once what it does when it is carried
        out twice: if it was lost with its connection, as the server was restarted, it may have
        been committed. Raises UncertainError when that cannot be known in time.
        """
        if self._hands:
            return await self._handed_over(self._hands, change, for_people=for_people)
        if for_people:
            return await self._waited_for(change)
        async with self.write() as connection:
            return await connection.run_sync(change)

    async def _handed_over(
        self, hands: sqlite.Hands, change: Callable[[Connection], T], *, for_people: bool
    ) -> T:
        hand, within = (hands.quick, sqlite.FOR_PEOPLE) if for_people else (hands.patient, None)
        with self._noting():
            async with self._turn.taken(for_people=for_people, within=within):
                return await hand.carry_out(change)

    async def _waited_for(self, change: Callable[[Connection], T]) -> T:
        async def once() -> T:
            async with self._begun() as connection:
                return await connection.run_sync(change)

        with self._noting():
            try:
                async with asyncio.timeout(_WAITED_FOR.total_seconds()):
                    return await _again_and_again(once)
            except TimeoutError as error:
                raise UncertainError from error

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[AsyncConnection]:
        async with self._connected(self.engine) as connection, connection.begin():
            yield connection

    async def look(self, question: Callable[[Connection], T]) -> T:
        """Answer a question in a transaction that only looks; on SQLite it goes over as a whole."""
        if self._hands:
            return await self._hands.eye.carry_out(question)
        async with self.read() as connection:
            return await connection.run_sync(question)

    async def rows(self, query: Executable) -> Sequence[RowMapping]:
        """Read the rows of one query."""
        return await self.look(lambda connection: connection.execute(query).mappings().all())

    async def carry_out(self, statement: Executable) -> int:
        """Carry out one statement for a loop, and say how many rows it changed."""

        def change(connection: Connection) -> int:
            return connection.execute(statement).rowcount

        return await self.at_once(change, for_people=False)

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        """Connect; a server that is restarted just now is waited for a little."""
        async with AsyncExitStack() as stack:

            async def connect() -> AsyncConnection:
                return await stack.enter_async_context(engine.connect())

            if self._hands:
                await self._hands.quick.open()
                yield await connect()
            else:
                yield await _again_and_again(connect, _RESTARTS)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Remember what kept a write from being done, for those who ask how the database is."""
        try:
            yield
        except Exception as error:
            self.trouble = said(error) or self.trouble
            raise

    def _my_turn(self) -> AbstractAsyncContextManager[None]:
        return self._turn.taken(for_people=False) if self.is_sqlite else nullcontext()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        if self._hands:
            self._hands.close()


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
