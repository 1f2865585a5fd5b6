"""The errand runner between a store, the sandbox's PlayCanvas and Slack, by real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.builds.errand import Errand
from bot.builds.job import Asker
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.limits import RateClass
from bot.sandbox.house import Sandbox
from bot.sandbox.slack.demo import PRIVATE, TESTER
from bot.slack.listeners.projects import PATIENCE
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.budget import Seen
from bot.store.errands import NewErrand
from bot.store.tables import errands
from bot.workers.errands import ErrandRunner
from bot.workers.permits import Permits
from tests.clock import Clock

PLENTY = 60_000


@dataclass(slots=True)
class Room:
    store: Store
    clock: Clock
    house: Sandbox
    session: aiohttp.ClientSession

    async def ask(self, errand: Errand, key: str = "trigger-1", channel: str = PRIVATE) -> int:
        """Ask as a listener does, with a response_url that the sandbox's Slack takes."""
        core = self.house.slack.core
        hook = core.hooks.issue(TESTER, core.workspace.channels[channel])
        url = f"{core.url}/response/{hook.id}"
        asker = Asker(core.workspace.team_id, channel, TESTER, url)
        new = NewErrand(key, errand, asker, PATIENCE)
        return (await self.store.errands.add(new, self.clock())).id

    def runner(self, owner: str = "runner", token: str | None = None) -> ErrandRunner:
        slack = AsyncWebClient(
            self.house.slack.bot_token,
            base_url=f"{self.house.url}/slack/api/",
            session=self.session,
            retry_handlers=[],
        )
        permits = Permits(self.store.budget, RateClass.NORMAL, self.clock, lambda _c, _s: None)
        playcanvas = PlayCanvas(
            self.session,
            token or self.house.playcanvas.token,
            base_url=f"{self.house.url}/playcanvas/api",
            limiter=permits,
            timeout=timedelta(seconds=5),
        )
        poster = Poster(slack, self.session, lambda _method, _result: None)
        return ErrandRunner(self.store, playcanvas, permits, poster, owner, self.clock)

    async def step(self, **given: str) -> None:
        """Do what is due now."""
        assert await self.runner(**given).step(self.clock()) is None

    async def run(self, errand: Errand) -> str:
        """Ask and answer; return what was said."""
        await self.ask(errand, key=f"{errand!r} at {self.clock()} after {len(self.texts)}")
        await self.step()
        return self.texts[-1]

    @property
    def texts(self) -> list[str]:
        """What was shown to the asker alone, as screen readers read it."""
        responses = self.house.slack.core.books.responses
        bodies = [each.body for each in responses if each.status == 200 and each.body]
        assert all(body["response_type"] == "ephemeral" for body in bodies)
        return [body["text"] for body in bodies]

    @property
    def written(self) -> list[str]:
        """What the bot wrote in its own conversations."""
        calls = self.house.slack.core.books.granted("chat.postMessage")
        return [str(call.arguments["text"]) for call in calls]

    def asked(self, route: str) -> int:
        return sum(each.path.endswith(route) for each in self.house.playcanvas.books)

    async def row(self, errand_id: int = 1) -> dict[str, Any]:
        [row] = await self.store.database.rows(select(errands).where(errands.c.id == errand_id))
        return dict(row)


@asynccontextmanager
async def errands_room(store: Store, clock: Clock) -> AsyncIterator[Room]:
    async with Sandbox(clock=clock) as house, aiohttp.ClientSession() as session:
        house.playcanvas.limits.normal.limit = PLENTY
        house.slack.core.pace.lift()
        await store.budget.learn(RateClass.NORMAL, Seen(PLENTY), clock())
        yield Room(store, clock, house, session)
