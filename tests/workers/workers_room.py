"""The workers of builds, stepped by hand: a real store, the sandbox over sockets, one clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.builds.job import Asker, Job
from bot.builds.request import BuildRequest
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.limits import RateClass
from bot.sandbox.house import Sandbox
from bot.sandbox.slack.demo import BUILDS, PROGRAMMER
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.new_job import NewJob
from bot.store.tables import jobs, notices
from bot.workers.doubts import Doubts
from bot.workers.job_worker import JobWorker
from bot.workers.limits import LimitsReader
from bot.workers.notifier import Notifier
from bot.workers.permits import Permits
from bot.workers.poller import Poller
from bot.workers.resolver import Resolver
from bot.workers.submitter import Submitter
from tests.clock import Clock

PATIENCE = timedelta(hours=1)
LEVEL_3 = BuildRequest("543988", ("Level 3",))
ENDLESS = BuildRequest("543988", ("Endless",))


@dataclass
class Workshop:
    store: Store
    clock: Clock
    house: Sandbox
    session: aiohttp.ClientSession
    waited: list[tuple[str, float]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)

    def permits(self, rate_class: RateClass = RateClass.NORMAL) -> Permits:
        def note(name: str, seconds: float) -> None:
            self.waited.append((name, seconds))

        return Permits(self.store.budget, rate_class, self.clock, note)

    def playcanvas(self, permits: Permits) -> PlayCanvas:
        settings = self.house.settings()
        return PlayCanvas(
            self.session,
            settings["PLAYCANVAS_TOKEN"],
            base_url=settings["PLAYCANVAS_API_URL"],
            limiter=permits,
            timeout=timedelta(seconds=5),
        )

    def resolver(self, owner: str = "resolver") -> Resolver:
        permits = self.permits()
        return Resolver(self.store, self.playcanvas(permits), permits, owner, self.clock)

    def submitter(self, owner: str = "submitter") -> Submitter:
        permits = self.permits(RateClass.STRICT)
        playcanvas = self.playcanvas(permits)
        return Submitter(self.store, playcanvas, permits, owner, self.clock, patience=PATIENCE)

    def poller(self, owner: str = "poller") -> Poller:
        permits = self.permits()
        return Poller(self.store, self.playcanvas(permits), permits, owner, self.clock)

    def limits_reader(self) -> LimitsReader:
        permits = self.permits()
        return LimitsReader(self.store, self.playcanvas(permits), permits)

    def poster(self) -> Poster:
        slack = AsyncWebClient(
            self.house.slack.bot_token,
            base_url=f"{self.house.url}/slack/api/",
            session=self.session,
            retry_handlers=[],
        )
        return Poster(slack, self.session, lambda _method, _result: None)

    def notifier(
        self, owner: str = "notifier", broadcast: str = "all", *, resends: bool = True
    ) -> Notifier:
        outbox, poster = self.store.outbox, self.poster()
        return Notifier(
            self.store,
            poster,
            owner,
            self.clock,
            broadcast=broadcast,
            doubts=Doubts(outbox, poster, self.clock, self.doubts.append, resends=resends),
            lag=lambda _seconds: None,
            given_up=self.given_up.append,
        )

    async def ask(
        self,
        request: BuildRequest = LEVEL_3,
        key: str = "trigger-1",
        channel: str = BUILDS,
        *,
        anyway: bool = False,
    ) -> Job:
        """Ask as a listener does."""
        core = self.house.slack.core
        hook = core.hooks.issue(PROGRAMMER, core.workspace.channels[channel])
        url = f"{core.url}/response/{hook.id}"
        asker = Asker(core.workspace.team_id, channel, PROGRAMMER, url)
        new = NewJob(key, request, asker, PATIENCE, anyway=anyway)
        added = await self.store.jobs.add(new, self.clock())
        return await self.job(added.id)

    async def queued(
        self,
        request: BuildRequest = LEVEL_3,
        key: str = "trigger-1",
        channel: str = BUILDS,
        *,
        anyway: bool = False,
    ) -> Job:
        job = await self.ask(request, key, channel, anyway=anyway)
        await self.do(self.resolver())
        return await self.job(job.id)

    async def running(
        self, request: BuildRequest = ENDLESS, key: str = "trigger-1", *, anyway: bool = False
    ) -> Job:
        job = await self.queued(request, key, anyway=anyway)
        await self.do(self.submitter())
        return await self.job(job.id)

    async def do(self, worker: JobWorker | Notifier) -> None:
        """Take a step that has something to do."""
        assert await worker.step(self.clock()) is None

    async def job(self, job_id: int = 1) -> Job:
        found = await self.store.jobs.get(job_id)
        assert found is not None
        return found

    async def leased_until(self, job_id: int = 1) -> datetime | None:
        query = select(jobs.c.lease_until).where(jobs.c.id == job_id)
        return await self.store.database.look(lambda connection: connection.scalar(query))

    async def wanted(self) -> list[str]:
        """The notices that are due or held back, by kind."""
        query = select(notices.c.kind).where(notices.c.shown < notices.c.wanted)
        return sorted(row["kind"] for row in await self.store.database.rows(query))

    @property
    def asked(self) -> list[str]:
        """What reached PlayCanvas, as method and last part of the path."""
        return [f"{e.method} {e.path.split('/')[-1]}" for e in self.house.playcanvas.books]


@asynccontextmanager
async def workshop(store: Store, clock: Clock) -> AsyncIterator[Workshop]:
    async with Sandbox(clock=clock) as house, aiohttp.ClientSession() as session:
        yield Workshop(store, clock, house, session)
