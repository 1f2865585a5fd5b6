"""The page's side: the chat client in the browser, served and kept up to date over a WebSocket."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

from aiohttp import WSMsgType, web

from bot.sandbox.slack.browser_frames import Frames
from bot.sandbox.slack.sandbox import SlackSandbox

# A browser that is gone does not hold up the end of the demo.
CLOSING = 0.5
PAGE = Path(__file__).parent / "page"


class Browser:
    """Serves `GET /`, `/page/{file}` and the WebSocket `/client/socket`."""

    def __init__(self, slack: SlackSandbox, hint: str) -> None:
        self._slack = slack
        self._hint = hint
        self._sockets: set[web.WebSocketResponse] = set()

    def install(self, app: web.Application) -> None:
        """Add the page to an application, at its root."""
        app.router.add_get("/", _index)
        app.router.add_static("/page", PAGE)
        app.router.add_get("/client/socket", self._serve)
        app.on_shutdown.append(self._close)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=20, timeout=CLOSING)
        await socket.prepare(request)
        self._sockets.add(socket)
        client = Client(self._slack, socket, self._hint)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await client.take(message.data)
        finally:
            self._sockets.discard(socket)
            await client.leave()
        return socket

    async def _close(self, _: web.Application) -> None:
        await asyncio.gather(*(socket.close() for socket in self._sockets))


class Client:
    """One browser: who it is, what it is shown, what it asks for."""

    def __init__(self, slack: SlackSandbox, socket: web.WebSocketResponse, hint: str) -> None:
        self._socket = socket
        self._frames = Frames(slack, hint)
        self._slack = slack
        self._showing: asyncio.Task[None] | None = None
        self._acts: set[asyncio.Task[None]] = set()

    async def take(self, text: str) -> None:
        """Do what a frame asks for; an act that waits for the app does not hold up the next."""
        try:
            frame = json.loads(text)
        except ValueError:
            return
        if not isinstance(frame, dict):
            return
        if frame.get("type") == "be":
            await self._be(str(frame.get("user")))
            return
        act = asyncio.create_task(self._act(frame), name=f"page {frame.get('type')}")
        self._acts.add(act)
        act.add_done_callback(self._acts.discard)

    async def leave(self) -> None:
        """Stop everything that was done for this browser."""
        tasks = [*self._acts, *([self._showing] if self._showing else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _act(self, frame: dict[str, object]) -> None:
        try:
            answer = await self._frames.answer(frame)
        except (LookupError, TypeError, AttributeError) as error:
            channel = frame.get("channel")
            answer = {"type": "notice", "channel": channel, "text": f"That did not work: {error}"}
        if answer is not None:
            await self._send(answer)

    async def _be(self, user: str) -> None:
        """Become someone: from now on this browser is shown what they see."""
        if user not in self._slack.workspace.users:
            user = next(iter(self._slack.workspace.users))
        if self._showing is not None:
            self._showing.cancel()
            await asyncio.gather(self._showing, return_exceptions=True)
        self._frames.user = user
        watching = asyncio.Event()
        self._showing = asyncio.create_task(self._show(user, watching), name=f"page of {user}")
        await watching.wait()

    async def _show(self, user: str, watching: asyncio.Event) -> None:
        async with self._slack.watch(user) as events:
            await self._send(self._frames.hello())
            watching.set()
            async for event in events:
                await self._send(event)

    async def _send(self, frame: dict[str, object]) -> None:
        with suppress(ConnectionError):
            await self._socket.send_json(frame)


async def _index(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")
