"""Ack times of signed HTTP commands, beside a bare Bolt app in the same run.

    python -m tests.benchmarks.ack [--short] [--json]

Serial commands alternate between the two, so that both meet the same machine. Then all the
commands of a burst are sent to the bot at once. Every job is counted in the database.
"""

import asyncio
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import aiohttp
import click

from bot.sandbox.house import Sandbox
from tests.benchmarks.signing import SECRET, command
from tests.benchmarks.table import Row, show

_WARM_UP = 30


@click.command()
@click.option("--short", is_flag=True, help="Few commands: shows that it runs, not how fast.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(*, short: bool, as_json: bool) -> None:
    """Measure and print."""
    show(measure(short=short), as_json=as_json)


def measure(*, short: bool) -> list[Row]:
    """Measure how soon commands are acked."""
    serial, burst = (20, 50) if short else (300, 1_000)
    return asyncio.run(_measured(serial, burst))


async def _measured(serial: int, burst: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        async with Sandbox() as sandbox:
            team = sandbox.slack.workspace.team_id
            with _bot(sandbox, path) as bot_url, _bare() as bare_url:
                connector = aiohttp.TCPConnector(limit=0)
                async with aiohttp.ClientSession(connector=connector) as session:
                    await asyncio.gather(_answers(session, bot_url), _answers(session, bare_url))
                    ours, bare = await _serial(session, team, (bot_url, bare_url), serial)
                    sent = _WARM_UP + serial
                    began = time.perf_counter()
                    at_once = await _burst(session, bot_url, team, burst)
                    total = time.perf_counter() - began
                stored = _stored(path)
    return [
        Row("serial p50, ms", _p(ours, 50), _p(bare, 50)),
        Row("serial p95, ms", _p(ours, 95), _p(bare, 95)),
        Row(f"{burst} at once, p50 ms", _p(at_once, 50), None),
        Row(f"{burst} at once, slowest ms", max(at_once) * 1000, None),
        Row(f"{burst} at once, all within ms", total * 1000, None),
        Row("commands sent", float(sent + burst), None),
        Row("jobs stored", float(stored), None),
    ]


async def _serial(
    session: aiohttp.ClientSession, team: str, urls: tuple[str, str], number: int
) -> tuple[list[float], list[float]]:
    for n in range(_WARM_UP):
        for url in urls:
            await _ack(session, url, command(n, team))
    taken: dict[str, list[float]] = {url: [] for url in urls}
    for n in range(number):
        for url in urls:
            taken[url].append(await _ack(session, url, command(n, team)))
    return taken[urls[0]], taken[urls[1]]


async def _burst(session: aiohttp.ClientSession, url: str, team: str, number: int) -> list[float]:
    commands = [command(n, team) for n in range(number)]
    return await asyncio.gather(*(_ack(session, url, each) for each in commands))


async def _ack(
    session: aiohttp.ClientSession, url: str, signed: tuple[str, dict[str, str]]
) -> float:
    body, headers = signed
    began = time.perf_counter()
    async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
        text = await response.text()
    taken = time.perf_counter() - began
    assert response.status == 200, text
    assert "accepted" in text
    return taken


async def _answers(session: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                async with session.get(f"{url}/healthz"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


@contextmanager
def _bot(sandbox: Sandbox, path: Path) -> Iterator[str]:
    port = _free_port()
    env = sandbox.settings() | {
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": SECRET,
        "DATABASE_URL": f"sqlite:///{path}",
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    with _running([sys.executable, "-m", "bot", "serve"], env):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _bare() -> Iterator[str]:
    port = _free_port()
    with _running([sys.executable, "-m", "tests.benchmarks.bare_bolt", str(port)], {}):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(arguments: list[str], env: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 - our own modules
        arguments, env=os.environ | env, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stored(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM jobs").fetchone()[0])


def _p(seconds: list[float], percent: int) -> float:
    return statistics.quantiles(seconds, n=100)[percent - 1] * 1000


if __name__ == "__main__":
    main()
