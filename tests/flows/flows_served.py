"""The bot as its operators run it: `python -m bot serve`, a process that can be killed."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.builds.job import JobState
from bot.sandbox.house import Sandbox
from tests.flows.flows_forked import Forked
from tests.flows.flows_stage import Scene, environment, eventually, free_port, unhurried

ROOT = Path(__file__).parents[2]
STARTING_S = 30.0


@dataclass
class Served(Scene):
    """A sandbox, a database file, and the process that lives on both."""

    folder: Path
    mode: str
    session: aiohttp.ClientSession
    port: int = field(default_factory=free_port)
    more: Mapping[str, str] = field(default_factory=dict)
    forks: bool = False
    process: asyncio.subprocess.Process | Forked | None = None

    @property
    def database(self) -> Path:
        return self.folder / "bot.db"

    @property
    def logged(self) -> str:
        """What every process so far has written to standard error."""
        return (self.folder / "stderr").read_text()

    async def start(self) -> None:
        """Start the command and wait until it is ready."""
        slack = self.sandbox.slack
        slack.deliver_to(f"http://127.0.0.1:{self.port}/slack/events" if self.http else None)
        own = environment(self.sandbox, self.database, self.mode, self.port)
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | own | dict(self.more)
        # In an empty folder: no `.env` of whoever runs the tests is read.
        if self.forks:
            self.process = Forked("serve", self.folder, env)
        else:
            with (self.folder / "stderr").open("ab") as stderr:
                self.process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "bot", "serve", cwd=self.folder, env=env, stderr=stderr
                )
        await eventually(self.is_ready, STARTING_S)

    @property
    def http(self) -> bool:
        return self.mode == "http"

    async def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.returncode is None, self.logged
        try:
            return (await self.get("/readyz"))[0] == 200
        except aiohttp.ClientError:
            return False

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.text()

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        await self.end(signal.SIGKILL)

    async def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return await self.process.wait()

    def let_leases_run_out(self) -> None:
        """Do to a dead process's leases what 45 s of waiting would do."""
        past = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
        with closing(sqlite3.connect(self.database)) as connection, connection:
            for table in ("jobs", "notices"):
                over = f"UPDATE {table} SET lease_until = ? WHERE lease_until IS NOT NULL"  # noqa: S608 - names of ours
                connection.execute(over, [str(past)])

    def read(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    def write(self, statement: str) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(statement)

    @property
    def states(self) -> list[str]:
        return [str(state) for (state,) in self.read("SELECT state FROM jobs ORDER BY id")]

    def is_quiet(self) -> bool:
        """Say whether nothing is due any more: every job is over, everything said."""
        due = "SELECT id FROM {} WHERE due_at IS NOT NULL"
        return not any(self.read(due.format(table)) for table in ("jobs", "notices"))

    async def reaches(self, *states: JobState) -> None:
        await eventually(lambda: self.states == list(states))

    async def settled(self) -> None:
        await eventually(self.is_quiet, 20)


@asynccontextmanager
async def served(
    folder: Path,
    mode: str = "socket",
    more: Mapping[str, str] | None = None,
    *,
    forks: bool = False,
) -> AsyncIterator[Served]:
    """Start a sandbox and the bot in a process; whatever is left of it is killed at the end.

    `forks`: of a process that has loaded the bot before, for those that are started again.
    """
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        unhurried(sandbox)
        stage = Served(sandbox, folder, mode, session, more=more or {}, forks=forks)
        try:
            await stage.start()
            yield stage
        finally:
            if stage.process is not None and stage.process.returncode is None:
                await stage.kill()
