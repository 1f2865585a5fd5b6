"""The client and the sandbox's Applivery, joined by real sockets on loopback."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.applivery import Applivery, Location
from bot.sandbox.applivery import AppliverySandbox, Received
from bot.sandbox.faults import Answer, Faults

MINT, RESOLVE = "downloadToken", "download/*"


@dataclass(slots=True)
class Room:
    url: str
    session: ClientSession
    sandbox: AppliverySandbox
    client: Applivery
    pauses: list[float]
    observed: list[tuple[str, str]]
    clock: list[datetime]

    def answer(
        self, path: str, status: int, body: object = b"", *, times: int | None = 1, **headers: str
    ) -> None:
        """Have the server answer with this instead; what is not bytes goes as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.sandbox.faults.add(path, times=times, act=Answer(status, raw, named))

    def received(self, part: str) -> list[Received]:
        return [each for each in self.sandbox.books if part in each.path]

    @property
    def mints(self) -> list[Received]:
        return self.received("/downloadToken")

    @property
    def resolves(self) -> list[Received]:
        return self.received("/v1/download/")

    async def fetched(self, location: Location) -> bytes:
        async with self.session.get(location.url) as response:
            assert response.status == 200
            return await response.read()

    def another(self, token: str) -> Applivery:
        """Return a client with another credential."""
        return Applivery(
            self.session,
            token,
            self.sandbox.organization,
            api_url=f"{self.url}/api",
            download_url=f"{self.url}/download/",
        )


@dataclass(slots=True)
class Sleeper:
    """Notes how long it was to sleep, and lets the sandbox's clock pass that time at once."""

    clock: list[datetime]
    pauses: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock[0] += timedelta(seconds=seconds)


def refusal(code: int, message: str = "", **extra: object) -> dict[str, object]:
    return {"status": False, "error": {"code": code, "message": message, **extra}}


@asynccontextmanager
async def room(patience: timedelta = timedelta(seconds=5)) -> AsyncIterator[Room]:
    clock = [datetime(2026, 7, 9, 10, tzinfo=UTC)]
    sandbox = AppliverySandbox(Faults(), clock=lambda: clock[0])
    house = web.Application()
    house.add_subapp("/applivery", sandbox.app)
    sleeper, observed = Sleeper(clock), list[tuple[str, str]]()
    async with TestServer(house, host="127.0.0.1") as server, ClientSession() as session:
        url = str(server.make_url("/applivery"))
        client = Applivery(
            session,
            sandbox.token,
            sandbox.organization,
            api_url=f"{url}/api",
            download_url=f"{url}/download",
            timeout=patience,
            observe=lambda route, result, _: observed.append((route, result)),
            sleep=sleeper.sleep,
        )
        yield Room(url, session, sandbox, client, sleeper.pauses, observed, clock)
