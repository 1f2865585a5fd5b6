"""A stage for the page: the server's half of the browser protocol, with lines given by a test."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

import bot

NOT_HEARD = "a test waited for a frame of the kind {kind!r}; what came: {came}"
PAGE = Path(bot.__file__).parent / "sandbox" / "slack" / "page"
Frame = dict[str, Any]

USERS = [
    {"id": "U1", "name": "maya", "real_name": "Maya Lindqvist", "color": "b0447d", "is_bot": False},
    {"id": "U2", "name": "jonas", "real_name": "Jonas Weber", "color": "2f7fb8", "is_bot": False},
    {"id": "U3", "name": "aiko", "real_name": "Aiko Tanaka", "color": "3f8f5f", "is_bot": False},
    {"id": "UB", "name": "buildbot", "real_name": "Build Bot", "color": "e06b2d", "is_bot": True},
]
CHANNELS = [
    {"id": "C1", "name": "builds", "is_private": False, "bot_in": True, "topic": "Ship it"},
    {"id": "C2", "name": "general", "is_private": False, "bot_in": False, "topic": ""},
    {"id": "C3", "name": "art", "is_private": True, "bot_in": False, "topic": ""},
]
COMMANDS = [
    {
        "command": "/build",
        "description": "Build a PlayCanvas app",
        "usage_hint": '<project> "<scene>" [key=value …]',
    },
    {"command": "/builds", "description": "What was built here", "usage_hint": "[mine]"},
    {"command": "/projects", "description": "The projects", "usage_hint": "[add|set]"},
]


class Stage:
    """One workspace whose people are browser pages, and whose bot is the test."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[Frame] = []
        self.history: dict[str, list[Frame]] = {}
        self.threads: dict[str, list[Frame]] = {}
        self.away = False
        self._people: dict[web.WebSocketResponse, str] = {}
        self._news = asyncio.Condition()
        self._clock = 1_700_000_000

    def clear(self) -> None:
        """Make room for the next test."""
        self.received.clear()
        self.history.clear()
        self.threads.clear()
        self.away = False

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", _index)
        app.router.add_static("/page", PAGE)
        app.router.add_get("/client/socket", self._socket)
        return app

    def ts(self) -> str:
        """Tick: no two messages share a time."""
        self._clock += 1
        return f"{self._clock}.000100"

    async def show(self, kind: str, *, to: str | None = None, **frame: object) -> None:
        """Send a frame to everyone, or to one person."""
        for socket, person in list(self._people.items()):
            if to in (None, person) and not socket.closed:
                await socket.send_json({"type": kind, **frame})

    async def post(self, text: str, *, channel: str = "C1", **more: object) -> Frame:
        """Let a message appear for everyone."""
        message = {"ts": self.ts(), "user": "UB", "bot_id": "B1", "text": text, **more}
        await self.show("message", channel=channel, message=message)
        return message

    async def heard(self, kind: str, fits: Callable[[Frame], bool] = lambda _: True) -> Frame:
        """Wait for the next frame of one kind that no test has taken yet."""

        def found() -> Frame | None:
            return next((f for f in self.received if f["type"] == kind and fits(f)), None)

        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait_for(lambda: found() is not None), 5)
            except TimeoutError:
                raise AssertionError(NOT_HEARD.format(kind=kind, came=self.received)) from None
        frame = found()
        assert frame is not None
        self.received.remove(frame)
        return frame

    async def cut(self) -> None:
        """Drop every connection without a word."""
        for socket in list(self._people):
            await socket.close()

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.away:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._take(socket, message.json())
        finally:
            self._people.pop(socket, None)
        return socket

    async def _take(self, socket: web.WebSocketResponse, frame: Frame) -> None:
        async with self._news:
            self.received.append(frame)
            self._news.notify_all()
        kind = frame["type"]
        if kind == "be":
            self._people[socket] = frame["user"]
            await socket.send_json(hello(frame["user"] or "U1"))
        elif kind == "open":
            channel = frame["channel"]
            messages = self.history.get(channel, [])
            await socket.send_json({"type": "history", "channel": channel, "messages": messages})
        elif kind == "thread":
            where = {"channel": frame["channel"], "ts": frame["ts"]}
            messages = self.threads.get(frame["ts"], [])
            await socket.send_json({"type": "thread", **where, "messages": messages})


def hello(you: str) -> Frame:
    return {
        "type": "hello",
        "you": you,
        "team": {"id": "T1", "name": "Fruit Studio"},
        "bot": {"user_id": "UB", "name": "Build Bot"},
        "users": USERS,
        "channels": CHANNELS,
        "commands": COMMANDS,
        "shortcuts": [{"callback_id": "rebuild", "name": "Rebuild"}],
        "hint": '/build 543988 "Level 3"',
    }


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")
