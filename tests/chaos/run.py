"""One run: people ask, the weather blows, processes die and come back, and all is counted."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random

import aiohttp
import click

from bot.sandbox.house import LOOPBACK, Sandbox
from bot.slack.manifest import manifest
from tests.chaos.databases import Base, Sqlite, postgres
from tests.chaos.fleet import Fleet
from tests.chaos.ledger import Ledger, Turnstile, count
from tests.chaos.people import People
from tests.chaos.points import POINTS, Place
from tests.chaos.weather import Weather

STRICT, NORMAL = 240, 6_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried. `settle_s` is how long all must stay right; `away_s` how long Slack is gone.

    `hurried` lets the leases of the dead run out at once, where nobody wants to wait 45 s, in
    fair weather: the worse kind has waits of its own.
    """

    builds: int = 500
    kills: int = 100
    database: str = "sqlite"
    workers: int = 1
    seed: int = 1
    away_s: float = 120
    settle_s: float = 60
    hurried: bool = False
    points: tuple[str, ...] = tuple(POINTS)


@dataclass
class Chaos:
    """Everything of one run."""

    plan: Plan
    fleet: Fleet
    people: People
    weather: Weather
    place: Place
    killed: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def progress(self) -> float:
        """How much of the killing is done."""
        return sum(self.killed.values()) / max(1, self.plan.kills)

    async def ask_all(self) -> None:
        """Ask for builds in step with the kills, the rest at the end."""
        while len(self.people.accepted) < self.plan.builds:
            ahead = len(self.people.accepted) - self.plan.builds * self.progress
            if ahead > self.plan.builds / 10 + 10:
                await asyncio.sleep(0.1)
                continue
            await self.people.ask()
            await asyncio.sleep(self.place.random.random() / 10)

    async def kill_all(self) -> None:
        """Kill at every point in turn, and bring back what is dead."""
        for name in cycle(self.plan.points):
            if sum(self.killed.values()) >= self.plan.kills:
                return
            happened = await POINTS[name](self.place)
            (self.killed if happened else self.missed)[name] += 1
            if self.plan.hurried:
                await self.place.base.expire_leases()
            await self.fleet.revive()
            await asyncio.sleep(self.place.random.random())

    async def worsen(self) -> None:
        """Bring the rare troubles, each at its time."""
        troubles = (
            (0.2, self.weather.lock_database),
            (0.35, self.weather.lose_slack),
            (0.5, self.weather.restart_database),
            (0.7, self.weather.lock_database),
            (0.8, self.weather.restart_database),
        )
        for at, bring in troubles:
            while self.progress < at:  # noqa: ASYNC110 - progress is no event
                await asyncio.sleep(0.1)
            await bring()

    async def tell(self) -> None:
        """Say now and then how far it is, to who waits."""
        while True:
            await asyncio.sleep(15)
            accepted, killed = len(self.people.accepted), sum(self.killed.values())
            differences = count(self.fleet.sandbox, self.people).differences
            click.echo(f"{accepted} builds, {killed} kills, {len(differences)} open", err=True)

    async def settle(self) -> Ledger:
        """Wait until all is as it must be and stays so, or until nothing more happens."""
        patience, right_since, seen = 300.0, 0.0, ""
        while True:
            ledger = count(self.fleet.sandbox, self.people)
            now, state = time.monotonic(), f"{ledger.differences}{ledger.figures['cards']}"
            if state != seen:
                right_since, seen = now, state
            within = patience if ledger.differences else self.plan.settle_s
            if now - right_since >= within:
                return ledger
            await asyncio.sleep(0.2)


async def run(plan: Plan) -> tuple[Chaos, Ledger]:
    """Do all of it."""
    async with _prepared(plan) as chaos:
        telling = asyncio.create_task(chaos.tell())
        blowing = asyncio.create_task(_fair() if plan.hurried else chaos.weather.blow())
        async with asyncio.TaskGroup() as group:
            group.create_task(chaos.ask_all())
            group.create_task(chaos.kill_all())
            if not plan.hurried:
                group.create_task(chaos.worsen())
        blowing.cancel()
        chaos.weather.clear()
        await chaos.fleet.revive()
        ledger = await chaos.settle()
        telling.cancel()
        return chaos, ledger


async def _fair() -> None:
    """Let nothing go wrong."""


@asynccontextmanager
async def _prepared(plan: Plan) -> AsyncIterator[Chaos]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        base: Base = Sqlite(folder)
        if plan.database == "postgresql":
            base = await stack.enter_async_context(postgres())
        sandbox = Sandbox()
        sandbox._runner.app.middlewares.append(Fleet.notice_door)
        await stack.enter_async_context(sandbox)
        sandbox.slack.install(manifest("https://bot.example.com"))
        sandbox.playcanvas.limits.strict = Turnstile(STRICT)
        sandbox.playcanvas.limits.normal = Turnstile(NORMAL)
        sandbox.playcanvas.jobs.scale = 0.1 if plan.hurried else 0.5
        session = await stack.enter_async_context(aiohttp.ClientSession())
        fleet = Fleet(sandbox, folder, base.url, session)
        stack.push_async_callback(fleet.close)
        await _staff(fleet, plan)
        sandbox.slack.deliver_to(f"http://{LOOPBACK}:{fleet.server.port}/slack/events")
        random = Random(plan.seed)  # noqa: S311 - chosen to be the same again
        people = People.living_in(sandbox, fleet, random)
        weather = Weather(sandbox, base, random, plan.away_s)
        yield Chaos(plan, fleet, people, weather, Place(fleet, people, base, random))


async def _staff(fleet: Fleet, plan: Plan) -> None:
    if plan.database == "postgresql":
        migrating = await fleet.run("migrate")
        assert await migrating.wait() == 0
    await fleet.hire("serve")
    if plan.database == "postgresql":
        await asyncio.gather(*(fleet.hire("work") for _ in range(plan.workers)))
