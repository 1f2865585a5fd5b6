"""The database: each transaction is a function that gets the connection, on both kinds."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Connection, Dialect, Executable, RowMapping, make_url

from bot.store.server import Server
from bot.store.sqlite import Hands
from bot.store.trouble import said

T = TypeVar("T")
# Slack waits three seconds, the loops are patient; a release rewrites whole tables.
_ANSWER, RELEASE = timedelta(seconds=10), timedelta(minutes=10)


class Database:
    """One database, SQLite or PostgreSQL, seen through transactions."""

    def __init__(self, url: str, *, answers_within: timedelta = _ANSWER) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.trouble: str | None = None
        self._side: Hands | Server = (
            Hands(self.url) if self.is_sqlite else Server(self.url, answers_within)
        )

    @property
    def dialect(self) -> Dialect:
        """The kind of SQL it understands."""
        return self._side.dialect

    async def at_once(self, change: Callable[[Connection], T], *, for_people: bool = True) -> T:
        """Carry out a change in a transaction of its own; on SQLite it goes over as a whole.

        A loop is patient. What someone waits for has to do once what it does when it is carried
        out twice: if it was lost with its connection, as the server was restarted, it may have
        been committed. Raises UncertainError when that cannot be known in time.
        """
        with self._noting():
            return await self._side.carry_out(change, for_people=for_people)

    async def look(self, question: Callable[[Connection], T]) -> T:
        """Answer a question in a transaction that only looks; on SQLite it goes over as a whole."""
        return await self._side.look(question)

    async def rows(self, query: Executable) -> Sequence[RowMapping]:
        """Read the rows of one query."""
        return await self.look(lambda connection: connection.execute(query).mappings().all())

    async def carry_out(self, statement: Executable) -> int:
        """Carry out one statement for a loop, and say how many rows it changed."""

        def change(connection: Connection) -> int:
            return connection.execute(statement).rowcount

        return await self.at_once(change, for_people=False)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Remember what kept a write from being done, for those who ask how the database is."""
        try:
            yield
        except Exception as error:
            self.trouble = said(error) or self.trouble
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self._side.close()
