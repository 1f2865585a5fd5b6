"""The linker between a store, the sandbox's Applivery and the sandbox's Slack, by real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.applivery import Applivery
from bot.builds.job import Asker
from bot.builds.link_post import NOWHERE, Origin
from bot.builds.link_request import FileKind, LinkRequest
from bot.sandbox.applivery import demo
from bot.sandbox.house import Sandbox
from bot.sandbox.slack.books import Response
from bot.sandbox.slack.demo import BUILDS, TESTER
from bot.slack.listeners.download import PATIENCE
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.link import NewLink, Purpose
from bot.store.tables import links
from bot.workers.linker import Linker
from tests.clock import Clock

ANDROID = LinkRequest(demo.ANDROID.id, demo.ANDROID_BUILD)


@dataclass(slots=True)
class Room:
    store: Store
    clock: Clock
    house: Sandbox
    session: aiohttp.ClientSession

    async def ask(
        self,
        request: LinkRequest = ANDROID,
        key: str = "trigger-1",
        *,
        purpose: Purpose = Purpose.LINK,
        origin: Origin = NOWHERE,
    ) -> int:
        """Ask as a listener does, with a response_url that the sandbox's Slack takes."""
        core = self.house.slack.core
        hook = core.hooks.issue(TESTER, core.workspace.channels[BUILDS])
        url = f"{core.url}/response/{hook.id}"
        asker = Asker(core.workspace.team_id, BUILDS, TESTER, url)
        new = NewLink(key, request, asker, PATIENCE, purpose, origin)
        return (await self.store.links.add(new, self.clock())).id

    async def ask_for(self, build: str, kind: FileKind = FileKind.AUTO) -> int:
        """Ask for a build of the app that has it."""
        app = self.house.applivery.workspace.builds[build].app.id
        return await self.ask(LinkRequest(app, build, kind))

    def linker(self, owner: str = "linker", token: str = demo.TOKEN) -> Linker:
        slack = AsyncWebClient(
            self.house.slack.bot_token,
            base_url=f"{self.house.url}/slack/api/",
            session=self.session,
            retry_handlers=[],
        )
        applivery = Applivery(
            self.session,
            token,
            demo.ORGANIZATION,
            api_url=f"{self.house.url}/applivery/api",
            download_url=f"{self.house.url}/applivery/download",
            timeout=timedelta(seconds=5),
            sleep=self._sleep,
        )
        poster = Poster(slack, self.session, lambda _method, _result: None)
        return Linker(self.store, applivery, poster, owner, self.clock, workspace="fruit-studio")

    async def _sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)

    async def step(self) -> None:
        """Do what is due now."""
        assert await self.linker().step(self.clock()) is None

    @property
    def responses(self) -> list[Response]:
        return self.house.slack.core.books.responses

    @property
    def texts(self) -> list[str]:
        """What was shown, as screen readers read it."""
        return [each.body["text"] for each in self.responses if each.status == 200]

    @property
    def elements(self) -> list[dict[str, Any]]:
        """The buttons of the last answer."""
        blocks = self.responses[-1].body.get("blocks", [])
        return [
            each for block in blocks if block["type"] == "actions" for each in block["elements"]
        ]

    @property
    def mints(self) -> int:
        return sum("downloadToken" in each.path for each in self.house.applivery.books)

    async def row(self, link_id: int = 1) -> dict[str, Any]:
        [row] = await self.store.database.rows(select(links).where(links.c.id == link_id))
        return dict(row)

    async def ended(self, link_id: int = 1) -> tuple[str, str | None]:
        row = await self.row(link_id)
        return row["state"], row["outcome"]


@asynccontextmanager
async def linker_room(store: Store, clock: Clock) -> AsyncIterator[Room]:
    async with Sandbox(clock=clock) as house, aiohttp.ClientSession() as session:
        yield Room(store, clock, house, session)
