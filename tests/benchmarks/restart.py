"""Restart: how soon the first of thousands of running builds is looked at, in how much memory."""

import asyncio
import os
import subprocess
import time
from datetime import UTC, datetime

from bot.builds.job import JobState
from bot.sandbox.house import Sandbox
from bot.sandbox.playcanvas.orders import app_export
from bot.store import Store, schema
from tests.benchmarks import crowd
from tests.benchmarks.databases import DATABASES
from tests.benchmarks.processes import bot
from tests.benchmarks.table import Row

_COMMANDS = {"SQLite": "serve", "PostgreSQL": "work"}


def measure(*, short: bool) -> list[Row]:
    """Measure `serve` on SQLite and `work` on PostgreSQL."""
    running, watched_s = (50, 1.0) if short else (5_000, 30.0)
    return [row for name in DATABASES for row in asyncio.run(_measured(name, running, watched_s))]


async def _measured(name: str, running: int, watched_s: float) -> list[Row]:
    command = _COMMANDS[name]
    async with DATABASES[name]() as database_url, Sandbox() as sandbox:
        await _fill(database_url, sandbox, running)
        began = datetime.now(UTC)
        with bot(sandbox, database_url, command) as process:
            first = await _first_look(sandbox)
            most = await _memory(process.pid, watched_s)
    what = f"{command} on {name}, {running} running"
    return [
        Row(f"{what}: first look after, s", (first - began).total_seconds(), None, wanted=2.0),
        Row(f"{what}: looks in the next {watched_s:g} s", float(len(_looks(sandbox))), None),
        Row(f"{what}: memory, MB", most, None, wanted=200.0),
    ]


async def _fill(database_url: str, sandbox: Sandbox, running: int) -> None:
    """Have so many builds run, here and at PlayCanvas, that none ends meanwhile."""
    world, exports = sandbox.playcanvas.world, sandbox.playcanvas.jobs
    project = world.project(543988)
    scene = next(each for each in project.scenes if each.name == "Endless")
    asked = {"project_id": project.id, "scenes": [scene.id], "name": "Endless"}
    order = app_export(asked, world, "2.0.0")
    ids = [exports.start(order).id for _ in range(running)]
    store = Store(database_url, "account", lambda _topic: None)
    await schema.migrate(store.database)
    await crowd.run(store, ids, datetime.now(UTC), JobState.RUNNING)
    await store.database.close()


def _looks(sandbox: Sandbox) -> list[datetime]:
    books = sandbox.playcanvas.books
    return [each.at for each in books if each.method == "GET" and "/jobs/" in each.path]


async def _first_look(sandbox: Sandbox) -> datetime:
    async with asyncio.timeout(60):
        while not (looks := _looks(sandbox)):  # noqa: ASYNC110 - books ring no bell
            await asyncio.sleep(0.01)
    return looks[0]


async def _memory(pid: int, watched_s: float) -> float:
    """Say how much memory a process had at most, in MB."""
    until, most = time.monotonic() + watched_s, 0.0
    while time.monotonic() < until:
        said = await asyncio.to_thread(
            subprocess.check_output,
            ["ps", "-o", "rss=", "-p", str(pid)],
            env=os.environ,
        )
        most = max(most, int(said) / 1024)
        await asyncio.sleep(0.2)
    return most
