"""The database: one engine, transactions that are safe on both kinds, the schema's place."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store import postgres, sqlite
from bot.store.trouble import said
from bot.store.turn import Turn

T = TypeVar("T")
# Slack waits three seconds, the loops are patient; a release rewrites whole tables.
_ANSWER, RELEASE = timedelta(seconds=10), timedelta(minutes=10)


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
        self._hand = sqlite.Hand(self.url) if self.is_sqlite else None
        self._eye = sqlite.Hand(self.url, reads=True) if self.is_sqlite else None

    @asynccontextmanager
    async def write(self, *, for_people: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that commits at its end and is undone by an exception.

        SQLite has one writer: standing in line here is fair, its busy handler is not, and
        someone who waits for an ack goes first.
        """
        with self._noting():
            async with self._my_turn(for_people), self.engine.begin() as connection:
                yield connection

    async def at_once(self, change: Callable[[Connection], T], *, for_people: bool = True) -> T:
        """Carry out a change in a transaction of its own; on SQLite it goes over as a whole.

        One that was lost with its connection is carried out again: done twice, it is done once.
        """
        with self._noting():
            try:
                return await self._at_once(change, for_people=for_people)
            except DBAPIError as error:
                # A server that was restarted may have committed it: once more finds it done.
                if not error.connection_invalidated:
                    raise
                return await self._at_once(change, for_people=for_people)

    async def _at_once(self, change: Callable[[Connection], T], *, for_people: bool) -> T:
        if self._hand:
            async with self._turn.taken(for_people=for_people):
                return await self._hand.carry_out(change)
        async with self.engine.begin() as connection:
            return await connection.run_sync(change)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only looks."""
        async with self._reads.connect() as connection:
            yield connection

    async def look(self, question: Callable[[Connection], T]) -> T:
        """Answer a question in a transaction that only looks; on SQLite it goes over as a whole."""
        if self._eye:
            return await self._eye.carry_out(question)
        async with self._reads.connect() as connection:
            return await connection.run_sync(question)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Remember what kept a write from being done, for those who ask how the database is."""
        try:
            yield
        except Exception as error:
            self.trouble = said(error) or self.trouble
            raise

    def _my_turn(self, for_people: bool) -> AbstractAsyncContextManager[None]:  # noqa: FBT001 - passed on
        return self._turn.taken(for_people=for_people) if self.is_sqlite else nullcontext()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        for each in filter(None, (self._hand, self._eye)):
            each.close()
