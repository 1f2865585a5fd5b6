"""Faults: what a sandbox server is told to do wrong, in Python or over HTTP."""

import asyncio
import base64
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from aiohttp import web
from aiohttp.typedefs import Handler

Errand = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class DropAnswer:
    """Do the work, then cut the connection without answering."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset the connection before anything is done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer with these bytes and do nothing."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait before the work, in real seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Freeze:
    """Hold the request until its rule is released, then do the work."""


@dataclass(frozen=True, slots=True)
class Call:
    """Run errands before the work, between work and answer, after the answer was sent."""

    before: Errand | None = None
    between: Errand | None = None
    after: Errand | None = None


Act = DropAnswer | Reset | Answer | Delay | Freeze | Call


@dataclass(slots=True, eq=False)
class Rule:
    """One act for the requests that match; `times` None means for ever."""

    path: str
    method: str | None
    times: int | None
    act: Act
    hits: int = 0
    hit: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, request: web.Request) -> bool:
        """Say whether the request's method and last path parts are meant, and some times left."""
        if self.times is not None and self.hits >= self.times:
            return False
        parts = request.path.strip("/").split("/")
        tail = "/".join(parts[-self.path.count("/") - 1 :])
        return self.method in (None, request.method) and fnmatchcase(tail, self.path)

    def release(self) -> None:
        """Let go every request that is frozen here, and freeze no more."""
        self.released.set()


class Faults:
    """The rules of one server; the first that matches a request acts on it."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(
        self, path: str = "*", method: str | None = None, times: int | None = 1, *, act: Act
    ) -> Rule:
        """Add a rule; `path` is an fnmatch pattern for as many last path parts as it has itself."""
        rule = Rule(path.strip("/"), method.upper() if method else None, times, act)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Forget every rule and let go what is frozen."""
        for rule in self.rules:
            rule.release()
        self.rules.clear()

    def install(self, app: web.Application, prefix: str = "") -> None:
        """Take control requests at `{prefix}/faults`, and let go what is frozen when `app` stops.

        The middleware is passed to the application apart: `web.Application(middlewares=…)`.
        """
        app.router.add_get(f"{prefix}/faults", self.listed)
        app.router.add_post(f"{prefix}/faults", self.added)
        app.router.add_delete(f"{prefix}/faults", self.cleared)

        async def let_go(_: web.Application) -> None:
            self.clear()

        app.on_shutdown.append(let_go)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let the first matching rule act on the request, or pass it on."""
        controls = (self.listed, self.added, self.cleared)
        if request.match_info.handler in controls:
            return await handler(request)
        rule = next((rule for rule in self.rules if rule.matches(request)), None)
        if rule is None:
            return await handler(request)
        rule.hits += 1
        rule.hit.set()
        return await _enact(rule, request, handler)

    async def listed(self, _: web.Request) -> web.Response:
        """Answer with every rule and how often it acted."""
        return web.json_response([_shown(rule) for rule in self.rules])

    async def added(self, request: web.Request) -> web.Response:
        """Add a rule: `{"path", "method", "times", "act": {"kind": "answer", "status": 500, …}}`.

        Kinds: drop_answer, reset, answer (`body` text or `base64`), delay, freeze.
        """
        try:
            asked = await request.json()
            rule = self.add(
                asked.get("path", "*"),
                asked.get("method"),
                asked.get("times", 1),
                act=_act_from(asked["act"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return web.json_response({"error": repr(error)}, status=400)
        return web.json_response(_shown(rule), status=201)

    async def cleared(self, _: web.Request) -> web.Response:
        """Forget every rule and let go what is frozen."""
        self.clear()
        return web.json_response([])


async def _enact(rule: Rule, request: web.Request, handler: Handler) -> web.StreamResponse:
    match rule.act:
        case Answer(status, body, headers):
            return web.Response(status=status, body=body, headers=headers)
        case Reset():
            _cut(request, reset=True)
            return web.Response()
        case DropAnswer():
            await _answer(request, handler)
            _cut(request)
            return web.Response()
        case Delay(seconds):
            # Read first: a slow server has the request, though its sender may be gone by then.
            await request.read()
            await asyncio.sleep(seconds)
        case Freeze():
            await request.read()
            await rule.released.wait()
        case Call() as call:
            return await _with_errands(call, request, handler)
    return await handler(request)


async def _with_errands(call: Call, request: web.Request, handler: Handler) -> web.StreamResponse:
    if call.before is not None:
        await call.before()
    response = await _answer(request, handler)
    if call.between is not None:
        await call.between()
    if call.after is not None:
        # Sent here, not by aiohttp after us: the errand runs when the peer has its answer.
        await response.prepare(request)
        await response.write_eof()
        await call.after()
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        # An exception is an answer too, but aiohttp deprecates returning it.
        return web.Response(status=error.status, headers=error.headers, body=error.body)


def _cut(request: web.Request, *, reset: bool = False) -> None:
    transport = request.transport
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if reset and sock is not None:
        # Lingering for zero seconds turns the close into a TCP reset.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _act_from(asked: Mapping[str, object]) -> Act:
    match asked:
        case {"kind": "drop_answer"}:
            return DropAnswer()
        case {"kind": "reset"}:
            return Reset()
        case {"kind": "freeze"}:
            return Freeze()
        case {"kind": "delay", "seconds": int() | float() as seconds}:
            return Delay(seconds)
        case {"kind": "answer", "status": int() as status}:
            text, encoded = asked.get("body", ""), asked.get("base64")
            body = base64.b64decode(encoded) if isinstance(encoded, str) else str(text).encode()
            headers = asked.get("headers")
            return Answer(status, body, headers if isinstance(headers, dict) else {})
    message = f"no such act: {asked!r}"
    raise ValueError(message)


def _shown(rule: Rule) -> dict[str, object]:
    kind = type(rule.act).__name__
    return {
        "path": rule.path,
        "method": rule.method,
        "times": rule.times,
        "hits": rule.hits,
        "act": kind,
    }
