"""The PlayCanvas client: one session handed in; permit, send, learn, decipher."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from time import monotonic
from typing import Protocol, TypeVar

import aiohttp
import stamina

from bot.playcanvas import protocol
from bot.playcanvas.errors import PlayCanvasError, Unavailable
from bot.playcanvas.limits import RateClass, RateLimit
from bot.playcanvas.models import App, AppExport, Branch, Checkpoint, Limits, RemoteJob, Scene

MOST_BYTES = 4 * 2**20
_CHUNK = 2**16
_LEAST_SECRET = 8
T = TypeVar("T")
K = TypeVar("K", Branch, Checkpoint)

Observer = Callable[[str, str, float], None]
"""Told of each request's route (`GET /jobs/{id}`), its result (`ok` or an error's), seconds."""


class Limiter(Protocol):
    """Gives the right to one request, and hears what the server says of its limits."""

    async def permit(self, rate_class: RateClass) -> None:
        """Return when one request of this class may be sent."""

    async def learn(self, rate_class: RateClass, limit: RateLimit, *, refused: bool) -> None:
        """Take note of an answer's headers; `refused` means that it was a 429."""


def ignore(route: str, result: str, seconds: float) -> None:
    """Observe nothing."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class PlayCanvas:
    """PlayCanvas's API for one account; every error is a PlayCanvasError without the token."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str,
        *,
        base_url: str = "https://playcanvas.com/api",
        limiter: Limiter,
        timeout: timedelta = timedelta(seconds=10),
        observe: Observer = ignore,
    ) -> None:
        self._session = session
        self._token = token
        self._base_url = base_url.rstrip("/")
        self._limiter = limiter
        self._timeout = timeout
        self._observe = observe
        self._twice = stamina.AsyncRetryingCaller(
            attempts=2, timeout=None, wait_initial=0.2, wait_max=1, wait_jitter=0.3
        ).on(Unavailable)

    async def start_build(self, export: AppExport) -> RemoteJob:
        """Start an app export; sent once, never repeated here."""
        return await self._send(protocol.start_build(export), RemoteJob.started)

    async def start_archive(self, project_id: int, branch_id: str | None = None) -> RemoteJob:
        """Start a project archive; sent once, never repeated here."""
        return await self._send(protocol.start_archive(project_id, branch_id), RemoteJob.started)

    async def job(self, remote_id: int) -> RemoteJob:
        """Look at a job; sent once, the caller decides when to look again."""

        def read(value: object) -> RemoteJob:
            return RemoteJob.from_json(value, asked=remote_id)

        return await self._send(protocol.job(remote_id), read)

    async def scenes(self, project_id: int, branch_id: str | None = None) -> tuple[Scene, ...]:
        """List all scenes of a branch, the main one unless told otherwise."""

        def read(value: object) -> tuple[Scene, ...]:
            return protocol.listing(value, Scene.from_json)

        return await self._twice(self._send, protocol.scenes(project_id, branch_id), read)

    async def branches(self, project_id: int, until: str | None = None) -> tuple[Branch, ...]:
        """List the open branches, all pages of them; none after the one with the id `until`."""

        def ask(skip: str | None) -> protocol.Request:
            return protocol.branches(project_id, skip)

        found = await self._pages(ask, Branch.from_json, until=until)
        return tuple(branch for branch in found if not branch.closed)

    async def checkpoints(
        self, branch_id: str, most: int = 50, until: str | None = None
    ) -> tuple[Checkpoint, ...]:
        """List a branch's newest checkpoints, newest first; no page after the one with `until`."""

        def ask(skip: str | None) -> protocol.Request:
            return protocol.checkpoints(branch_id, skip, most)

        return await self._pages(ask, Checkpoint.from_json, most, until)

    async def apps(self, project_id: int, most: int = 100) -> tuple[App, ...]:
        """List a project's newest published apps, newest first."""

        def read(value: object) -> tuple[tuple[App, ...], int | None]:
            return protocol.listing(value, App.from_json), protocol.total(value)

        found: dict[int, App] = {}
        skip, total = 0, 1
        while len(found) < most and skip < total:
            request = protocol.apps(project_id, skip, most)
            page, said = await self._twice(self._send, request, read)
            fresh = {app.id: app for app in page if app.id not in found}
            found |= fresh
            skip += len(page)
            # A page that brings nothing new would be followed by such pages for ever.
            total = said or 0 if fresh else 0
        return tuple(found.values())[:most]

    async def primary_app(self, project_id: int) -> App:
        """Look at the project's primary app; raise NotFound if it has none."""
        return await self._twice(self._send, protocol.primary_app(project_id), App.from_json)

    async def limits(self) -> Limits:
        """Ask what the account may ask for, a minute."""
        return await self._twice(self._send, protocol.ratelimits(), Limits.from_json)

    async def _pages(
        self,
        ask: Callable[[str | None], protocol.Request],
        read: Callable[[object], K],
        most: int | None = None,
        until: str | None = None,
    ) -> tuple[K, ...]:
        def read_page(value: object) -> tuple[tuple[K, ...], bool]:
            return protocol.listing(value, read), protocol.has_more(value)

        found: dict[str, K] = {}
        skip, more = None, True
        while more and (most is None or len(found) < most):
            page, more = await self._twice(self._send, ask(skip), read_page)
            fresh = {item.id: item for item in page if item.id not in found}
            found |= fresh
            # A page that brings nothing new would be asked for again for ever.
            more = more and bool(fresh) and until not in fresh
            skip = page[-1].id if page else None
        return tuple(found.values())[:most]

    async def _send(self, request: protocol.Request, read: Callable[[object], T]) -> T:
        await self._limiter.permit(request.rate_class)
        started = monotonic()
        answer = await self._exchange(request)
        seconds = monotonic() - started
        route = f"{request.method} {request.route}"
        try:
            found = read(await self._decipher(request, answer))
        except PlayCanvasError as error:
            if len(self._token) >= _LEAST_SECRET:
                error.conceal(self._token)
            self._observe(route, error.result, seconds)
            raise
        self._observe(route, "ok", seconds)
        return found

    async def _decipher(self, request: protocol.Request, answer: _Answer | Unavailable) -> object:
        if isinstance(answer, Unavailable):
            raise answer
        limit = RateLimit.from_headers(answer.headers)
        refused = answer.status == HTTPStatus.TOO_MANY_REQUESTS
        await self._limiter.learn(request.rate_class, limit, refused=refused)
        value, _ = protocol.decipher(answer.status, answer.headers, answer.body)
        return value

    async def _exchange(self, request: protocol.Request) -> _Answer | Unavailable:
        # Trouble is returned, not raised: some of aiohttp's errors hold the token in their
        # repr, and none of them may become the cause or the context of ours.
        try:
            async with self._session.request(
                request.method,
                self._base_url + request.path,
                params=request.query,
                json=request.body,
                headers={"Authorization": f"Bearer {self._token}", "Accept": "application/json"},
                timeout=aiohttp.ClientTimeout(total=self._timeout.total_seconds()),
                allow_redirects=False,  # the token is for nobody else
                middlewares=(_once,),
            ) as response:
                headers = dict(response.headers)
                return _Answer(response.status, headers, await _bounded(response.content))
        except TimeoutError:
            return Unavailable(f"no answer within {self._timeout.total_seconds():g} s")
        except aiohttp.ClientConnectorError:
            return Unavailable("no connection")
        except (aiohttp.ClientError, OSError):
            return Unavailable("the connection broke")


async def _once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a GET again by itself, for which nobody asked a permit."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError from error


async def _bounded(content: aiohttp.StreamReader) -> bytes:
    """Read at most MOST_BYTES; what is cut off there is no JSON any more."""
    body = bytearray()
    async for chunk in content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > MOST_BYTES:
            break
    return bytes(body[:MOST_BYTES])
