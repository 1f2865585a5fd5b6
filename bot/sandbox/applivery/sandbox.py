"""AppliverySandbox: the whole stand-in, an application to be mounted or served by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.applivery import demo
from bot.sandbox.applivery.answers import Manners, answering_refusals
from bot.sandbox.applivery.api import Api
from bot.sandbox.applivery.downloads import Downloads
from bot.sandbox.applivery.workspace import Clock
from bot.sandbox.faults import Faults


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came, whatever became of it."""

    at: datetime
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)


def _now() -> datetime:
    return datetime.now(UTC)


class AppliverySandbox:
    """Applivery with its API below /api, its download host below /download, its files below /files.

    `POST /faults` takes faults from other processes.
    """

    token = demo.TOKEN
    organization = demo.ORGANIZATION

    def __init__(self, faults: Faults, *, clock: Clock = _now) -> None:
        self.faults = faults
        self.workspace = demo.demo_workspace(clock)
        self.manners = Manners()
        self.books: list[Received] = []
        self.app = web.Application(
            middlewares=[
                self._booked,
                faults.middleware,
                self._limited,
                answering_refusals(self.manners),
            ]
        )
        Api(self.workspace, self.manners).install(self.app)
        Downloads(self.workspace, self.manners).install(self.app)
        faults.install(self.app)

    @web.middleware
    async def _booked(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.books.append(
            Received(
                at=self.workspace.clock(),
                method=request.method,
                path=request.path,
                query=dict(request.query),
                headers=request.headers,
            )
        )
        return await handler(request)

    @web.middleware
    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        pause = self.workspace.rate_limited() if "/v1/" in request.path else None
        if pause is None:
            return await handler(request)
        named = (
            {"Retry-After": str(ceil(pause.total_seconds()))}
            if self.manners.names_retry_after
            else {}
        )
        return web.Response(status=429, text="Too Many Requests", headers=named)
