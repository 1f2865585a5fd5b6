"""PlayCanvasSandbox: the whole stand-in, an application to be mounted or served by itself."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.faults import Faults
from bot.sandbox.playcanvas import demo
from bot.sandbox.playcanvas.answers import Clock, answering_refusals
from bot.sandbox.playcanvas.api import Api, Manners
from bot.sandbox.playcanvas.downloads import Downloads
from bot.sandbox.playcanvas.jobs import Jobs
from bot.sandbox.playcanvas.limits import NORMAL, STRICT, Limits
from bot.sandbox.playcanvas.world import Checkpoint, Scene


@dataclass(slots=True)
class Received:
    """One request as it came; `status` is what was answered, None while or if nothing was."""

    at: datetime
    method: str
    path: str
    query: Mapping[str, str]
    token: str | None = field(repr=False)
    body: object = None
    status: int | None = None

    @property
    def rate_class(self) -> str | None:
        """Say which limit it counts against; a download counts against none."""
        if not self.path.startswith("/api/"):
            return None
        starts = self.path == "/api/apps/download" or self.path.endswith("/export")
        return STRICT if self.method == "POST" and starts else NORMAL


RECEIVED = web.RequestKey("received", Received)


def _now() -> datetime:
    return datetime.now(UTC)


class PlayCanvasSandbox:
    """PlayCanvas with its API below /api and its downloads below /download.

    `world`, `jobs`, `limits` and `manners` may be changed at any time. `POST /faults` takes
    faults from other processes.
    """

    token = demo.TOKEN

    def __init__(self, faults: Faults | None = None, *, clock: Clock = _now) -> None:
        self.faults = faults if faults is not None else Faults()
        self.clock = clock
        self.world = demo.demo_world()
        self.jobs = Jobs(clock)
        self.limits = Limits()
        self.manners = Manners()
        self.books: list[Received] = []
        self._downloads = Downloads(self.jobs)
        api = web.Application(middlewares=[self._limited, answering_refusals, self._authorized])
        Api(self.world, self.jobs, self.limits, self._downloads, self.manners).install(api)
        self.app = web.Application(
            middlewares=[self._booked, self.faults.middleware, answering_refusals]
        )
        self.app.add_subapp("/api", api)
        self._downloads.install(self.app)
        self.faults.install(self.app)

    def replace_scene(self, project_id: int, name: str) -> Scene:
        """Delete a scene and make another of the same name, as people do in the Editor."""
        scenes = self.world.project(project_id).scenes
        [at] = [n for n, scene in enumerate(scenes) if scene.name == name]
        scenes[at] = Scene(max(scene.id for scene in scenes) + 1, name, self.clock())
        return scenes[at]

    def remove_scene(self, project_id: int, name: str) -> None:
        """Delete a scene."""
        project = self.world.project(project_id)
        project.scenes[:] = [scene for scene in project.scenes if scene.name != name]

    def check_in(self, project_id: int) -> Checkpoint:
        """Put a checkpoint onto the main branch, as people do all day."""
        checkpoints = self.world.project(project_id).main.checkpoints
        checkpoints.insert(0, demo.checkpoint(project_id, len(checkpoints), self.clock()))
        return checkpoints[0]

    @web.middleware
    async def _booked(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        received = Received(
            at=self.clock(),
            method=request.method,
            path=request.path.removeprefix(self._downloads.prefix),
            query=dict(request.query),
            token=_token(request),
        )
        self.books.append(received)
        request[RECEIVED] = received
        received.body = await _content(request)
        response = await handler(request)
        # A fault that cuts the connection has taken the transport with it.
        transport = request.transport
        if transport is not None and not transport.is_closing():
            received.status = response.status
        return response

    @web.middleware
    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        received = request[RECEIVED]
        window = self.limits.of(received.rate_class or NORMAL)
        if window.spend(self.clock()):
            response = await handler(request)
        else:
            response = web.json_response({"error": "Too Many Requests"}, status=429)
        if self.limits.told:
            response.headers.update(window.headers)
        return response

    @web.middleware
    async def _authorized(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = (_token(request) or "").encode("utf-8", "surrogateescape")
        if not secrets.compare_digest(given, self.token.encode()):
            return web.json_response({"error": "Unauthorized"}, status=401)
        return await handler(request)


def _token(request: web.Request) -> str | None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else None


async def _content(request: web.Request) -> object:
    body = await request.read()
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return body
