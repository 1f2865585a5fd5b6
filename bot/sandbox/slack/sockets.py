"""Socket Mode: tickets, WebSocket connections, envelopes and their acks."""

import asyncio
import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.slack.delivery import EVENT, Parcel, Reply, refused
from bot.sandbox.slack.wire import Json

MOST_CONNECTIONS = 10
# A client that is gone does not hold up the end of the sandbox.
CLOSING = 0.5
HOST = "applink-sandbox-1"


@dataclass(slots=True, eq=False)
class Connection:
    """One open WebSocket; `silent` is one that has died without a word."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None = None
    open: bool = True
    silent: bool = False
    outstanding: dict[str, asyncio.Future[Reply]] = field(default_factory=dict)

    def lose(self) -> None:
        """Take no more payloads, and forget those that were not acked."""
        self.open = False
        for waiting in self.outstanding.values():
            if not waiting.done():
                waiting.set_result(refused("connection_failed"))


class Sockets:
    """Every Socket Mode connection of the app; each payload goes to any one."""

    def __init__(self, app_id: str) -> None:
        self.ping_every = 10.0
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._turns: deque[Connection] = deque()
        self._changed = asyncio.Event()

    @property
    def connections(self) -> int:
        """Count the connections that take payloads."""
        return sum(connection.open for connection in self._turns)

    async def connected(self, at_least: int = 1) -> None:
        """Wait until so many connections are open."""
        while self.connections < at_least:
            self._changed.clear()
            await self._changed.wait()

    def ticket(self) -> str:
        """Make the secret of one WebSocket URL; it opens one connection."""
        ticket = str(uuid4())
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Take a WebSocket whose URL has a ticket, until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=CLOSING)
        await socket.prepare(request)
        connection = Connection(socket, request.transport)
        if self.connections >= MOST_CONNECTIONS:
            await socket.send_json(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self._turns.append(connection)
        await socket.send_json(self._hello())
        self._changed.set()
        try:
            await self._listen(connection)
        finally:
            connection.lose()
            self._turns.remove(connection)
            self._changed.set()
        return socket

    async def carry(self, parcel: Parcel) -> Reply:
        """Send an envelope down one of the connections and wait for its ack."""
        connection = self._next()
        if connection is None:
            return refused("connection_failed")
        envelope = _envelope(parcel)
        waiting: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        connection.outstanding[envelope["envelope_id"]] = waiting
        try:
            if not connection.silent:
                await connection.socket.send_json(envelope)
            return await waiting
        except ConnectionError:
            return refused("connection_failed")
        finally:
            del connection.outstanding[envelope["envelope_id"]]

    async def warn(self) -> None:
        """Announce to every connection that it will be closed in about ten seconds."""
        for connection in list(self._turns):
            await connection.socket.send_json(_disconnect("warning"))

    async def refresh(self) -> None:
        """Ask every connection to come back, as Slack does every few hours.

        They get no payload any more, and those that do not leave are closed at the next ping.
        """
        for connection in list(self._turns):
            connection.open = False
            with suppress(ConnectionError):
                await connection.socket.send_json(_disconnect("refresh_requested"))

    async def close(self) -> None:
        """Close every connection without a word, as when Slack goes away."""
        for connection in self._turns:
            connection.lose()
        goodbyes = [each.socket.close(code=WSCloseCode.GOING_AWAY) for each in self._turns]
        await asyncio.gather(*goodbyes)

    async def cut(self) -> None:
        """Break every connection off, as a network does: no disconnect frame, no close frame."""
        for connection in list(self._turns):
            connection.lose()
            if connection.transport is not None:
                connection.transport.abort()
        while self._turns:
            self._changed.clear()
            await self._changed.wait()

    def silence(self) -> None:
        """Let every connection die silently: it stays open and nothing answers on it."""
        for connection in self._turns:
            connection.silent = True

    def _next(self) -> Connection | None:
        for _ in range(len(self._turns)):
            self._turns.rotate(-1)
            if self._turns[-1].open:
                return self._turns[-1]
        return None

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connections,
            "debug_info": {"host": HOST, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }

    async def _listen(self, connection: Connection) -> None:
        while not connection.socket.closed:
            try:
                message = await connection.socket.receive(timeout=self.ping_every)
            except TimeoutError:
                if not connection.open:
                    return
                await _ping(connection)
                continue
            if message.type is WSMsgType.PING and not connection.silent:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT and not connection.silent:
                _acknowledge(connection, message.data)
            elif message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
                return


async def _ping(connection: Connection) -> None:
    if connection.silent:
        return
    with suppress(ConnectionError):
        await connection.socket.ping(f"Ping from {HOST}".encode())


def _acknowledge(connection: Connection, text: str) -> None:
    """Match an ack with its envelope; Slack ignores what it cannot match."""
    try:
        ack: Any = json.loads(text)
    except ValueError:
        return
    if not isinstance(ack, dict):
        return
    waiting = connection.outstanding.get(str(ack.get("envelope_id")))
    if waiting is not None and not waiting.done():
        waiting.set_result(Reply(ack.get("payload")))


def _envelope(parcel: Parcel) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid4()),
        "type": parcel.kind,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.accepts_answer,
    }
    if parcel.kind == EVENT:
        envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.retry_reason}
    return envelope


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}
