"""Ack times of signed HTTP commands, beside a bare Bolt app in the same run.

    python -m tests.benchmarks.ack [--short] [--json] [--database sqlite|postgresql]

Serial commands alternate between the two, so that both meet the same machine. Then all the
commands of a burst are sent to the bot at once. Every job is counted in the database.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import click

from bot.sandbox.house import Sandbox
from bot.store import Store, schema
from tests.benchmarks.databases import DATABASES
from tests.benchmarks.processes import answers, bot, free_port, running
from tests.benchmarks.signing import command
from tests.benchmarks.table import Row, show

_WARM_UP = 30


@click.command()
@click.option("--short", is_flag=True, help="Few commands: shows that it runs, not how fast.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--database", type=click.Choice(list(DATABASES), case_sensitive=False))
def main(*, short: bool, as_json: bool, database: str | None) -> None:
    """Measure and print; on both kinds of databases unless one is named."""
    chosen = [database] if database else list(DATABASES)
    show([row for name in chosen for row in measured(name, short=short)], as_json=as_json)


def measure(*, short: bool) -> list[Row]:
    """Measure how soon commands are acked."""
    return [row for name in DATABASES for row in measured(name, short=short)]


def measured(name: str, *, short: bool) -> list[Row]:
    """Measure it on one kind of database."""
    serial, burst = (20, 50) if short else (300, 1_000)
    return asyncio.run(_measured(name, serial, burst))


async def _measured(name: str, serial: int, burst: int) -> list[Row]:
    async with DATABASES[name]() as database_url, Sandbox() as sandbox:
        store = Store(database_url, "account", lambda _topic: None)
        await schema.migrate(store.database)
        team = sandbox.slack.workspace.team_id
        with bot(sandbox, database_url) as ours, _bare() as bare_url:
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(connector=connector) as session:
                await asyncio.gather(answers(session, ours.url), answers(session, bare_url))
                taken, bare = await _serial(session, team, (ours.url, bare_url), serial)
                sent = _WARM_UP + serial
                began = time.perf_counter()
                at_once = await _burst(session, ours.url, team, burst)
                total = time.perf_counter() - began
            stored = sum((await store.jobs.count()).values())
        await store.database.close()
    return [
        Row(f"{name}: serial p50, ms", _p(taken, 50), _p(bare, 50), wanted=0.5),
        Row(f"{name}: serial p95, ms", _p(taken, 95), _p(bare, 95)),
        Row(f"{name}: {burst} at once, p50 ms", _p(at_once, 50), None),
        Row(f"{name}: {burst} at once, slowest ms", max(at_once) * 1000, None),
        Row(f"{name}: {burst} at once, all within ms", total * 1000, None),
        Row(f"{name}: commands sent", float(sent + burst), None),
        Row(f"{name}: jobs stored", float(stored), None),
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


@contextmanager
def _bare() -> Iterator[str]:
    port = free_port()
    with running([sys.executable, "-m", "tests.benchmarks.bare_bolt", str(port)], {}):
        yield f"http://127.0.0.1:{port}"


def _p(seconds: list[float], percent: int) -> float:
    return statistics.quantiles(seconds, n=100)[percent - 1] * 1000


if __name__ == "__main__":
    main()
