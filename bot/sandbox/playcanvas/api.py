"""The API's routes, for whoever has the token."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from aiohttp import web

from bot.sandbox.playcanvas.answers import Json, Refusal
from bot.sandbox.playcanvas.downloads import Downloads
from bot.sandbox.playcanvas.jobs import Job, Jobs
from bot.sandbox.playcanvas.limits import Limits
from bot.sandbox.playcanvas.orders import app_export, archive
from bot.sandbox.playcanvas.world import App, Branch, Checkpoint, World

MOST_CHECKPOINTS = 50
MOST_DIGITS = 18
Paged = TypeVar("Paged", Branch, Checkpoint)


@dataclass(slots=True)
class Manners:
    """What is not the same everywhere, for tests to choose."""

    started: int = 201
    """The status of a started export; the page says 201, an official script has only met 200."""
    page_size: int = 20
    """How many branches there are on a page, and checkpoints when no limit is given."""
    default_engine: str | None = "2.20.6"
    """The engine of exports that name none; None makes engine_version required."""
    link_at: Literal["download_url", "url", "top"] | None = None
    """Where the link of a finished job is; None means `data.download_url` or `data.url`."""


class Api:
    """Every route below /api."""

    def __init__(
        self, world: World, jobs: Jobs, limits: Limits, downloads: Downloads, manners: Manners
    ) -> None:
        self._world = world
        self._jobs = jobs
        self._limits = limits
        self._downloads = downloads
        self._manners = manners

    def install(self, app: web.Application) -> None:
        """Take the requests."""
        app.router.add_post("/apps/download", self.app_download)
        app.router.add_post("/projects/{id}/export", self.project_export)
        app.router.add_get("/jobs/{id}", self.job)
        app.router.add_get("/projects/{id}/scenes", self.scenes)
        app.router.add_get("/projects/{id}/branches", self.branches)
        app.router.add_get("/branches/{id}/checkpoints", self.checkpoints)
        app.router.add_get("/projects/{id}/apps", self.apps)
        app.router.add_get("/projects/{id}/app", self.primary_app)
        app.router.add_get("/apps/{id}", self.app)
        app.router.add_get("/ratelimits", self.ratelimits)

    async def app_download(self, request: web.Request) -> web.Response:
        """Start an app export."""
        asked = await _body(request)
        order = app_export(asked, self._world, self._manners.default_engine)
        return self._job(request, self._jobs.start(order), self._manners.started)

    async def project_export(self, request: web.Request) -> web.Response:
        """Start a project archive."""
        order = archive(await _body(request), self._world.project(_number(request)))
        return self._job(request, self._jobs.start(order), self._manners.started)

    async def job(self, request: web.Request) -> web.Response:
        """Answer with a job; what is no number breaks the server, as it does the real one."""
        if not _is_number(request.match_info["id"]):
            raise Refusal(500, "Internal Server Error")
        return self._job(request, self._jobs.find(_number(request)), 200)

    async def scenes(self, request: web.Request) -> web.Response:
        """List all scenes of a branch."""
        project = self._world.project(_number(request))
        branch = project.branch(request.query.get("branchId"))
        listed = [scene.to_json(project.id) for scene in project.scenes_of(branch)]
        return web.json_response({"result": listed})

    async def branches(self, request: web.Request) -> web.Response:
        """List a page of open branches."""
        project = self._world.project(_number(request))
        found = [branch for branch in project.branches if not branch.closed]
        page, more = _page(found, request, self._manners.page_size)
        return _listed([branch.to_json(project.id) for branch in page], {"hasMore": more})

    async def checkpoints(self, request: web.Request) -> web.Response:
        """List a page of a branch's checkpoints, newest first."""
        branch = self._world.branch(request.match_info["id"])
        most = _count(request, "limit", self._manners.page_size)
        if not 1 <= most <= MOST_CHECKPOINTS:
            raise Refusal(400, f"limit must be between 1 and {MOST_CHECKPOINTS}")
        page, more = _page(branch.checkpoints, request, most)
        return _listed([checkpoint.to_json() for checkpoint in page], {"hasMore": more})

    async def apps(self, request: web.Request) -> web.Response:
        """List a page of a project's published apps, by offset."""
        project = self._world.project(_number(request))
        skip, most = _count(request, "skip", 0), _count(request, "limit", 16)
        newest = request.query.get("order", "-1") not in ("1", "asc")
        by_age: list[App] = sorted(project.apps, key=lambda app: app.completed_at, reverse=newest)
        pagination = {"limit": most, "skip": skip, "total": len(by_age)}
        return _listed([app.to_json() for app in by_age[skip : skip + most]], pagination)

    async def primary_app(self, request: web.Request) -> web.Response:
        """Answer with the project's primary app, here the newest."""
        project = self._world.project(_number(request))
        if not project.apps:
            raise Refusal(404, "App not found")
        return web.json_response(max(project.apps, key=lambda app: app.completed_at).to_json())

    async def app(self, request: web.Request) -> web.Response:
        """Answer with one published app."""
        return web.json_response(self._world.app(_number(request)).to_json())

    async def ratelimits(self, _: web.Request) -> web.Response:
        """Answer with the account's limits."""
        return web.json_response(self._limits.to_json())

    def _job(self, request: web.Request, job: Job, status: int) -> web.Response:
        url = self._downloads.url(request, job)
        written = job.to_json(self._jobs.clock(), url, self._manners.link_at)
        return web.json_response(written, status=status)


def _listed(entries: list[Json], pagination: Json) -> web.Response:
    return web.json_response({"result": entries, "pagination": pagination})


def _page(items: Sequence[Paged], request: web.Request, most: int) -> tuple[Sequence[Paged], bool]:
    """Cut the page that follows the item whose id is in `skip`."""
    after = request.query.get("skip")
    start = 0
    if after is not None:
        ids = [item.id for item in items]
        if after not in ids:
            raise Refusal(400, "skip is not the id of an entry")
        start = ids.index(after) + 1
    return items[start : start + most], start + most < len(items)


async def _body(request: web.Request) -> object:
    if request.content_type != "application/json":
        raise Refusal(400, "Content-Type must be application/json")
    try:
        return await request.json()
    except (ValueError, RecursionError):
        raise Refusal(400, "Invalid JSON") from None


def _number(request: web.Request) -> int:
    given = request.match_info["id"]
    if not _is_number(given):
        raise Refusal(404, "Not Found")
    return int(given)


def _count(request: web.Request, name: str, usual: int) -> int:
    given = request.query.get(name)
    if given is None:
        return usual
    if not _is_number(given):
        raise Refusal(400, f"{name} must be a number")
    return int(given)


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS
