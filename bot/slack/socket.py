"""Socket Mode: the same Bolt app over a WebSocket that this side opens."""

import asyncio
import contextlib
import time
from collections.abc import Callable

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.refusal import code_of

log = structlog.get_logger(__name__)
REFUSED_TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_revoked"})
_SHUTDOWN_S = 2
_FAREWELL_S = 1
_OK = 200


class Socket(AsyncSocketModeHandler):
    """Receives envelopes, acks them, and can wait until the last one is answered."""

    def __init__(self, bolt: AsyncApp, app_token: str, acked: Callable[[float], None]) -> None:
        super().__init__(bolt, app_token)
        self._acked = acked
        self._in_hand = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Answer one envelope; what Bolt does not take gets no ack, so it is said here."""
        self._in_hand += 1
        self._idle.clear()
        began = time.time()
        try:
            response = await run_async_bolt_app(self.app, req)
            if response.status != _OK:
                log.warning("no ack", type=req.type, status=response.status)
            await send_async_response(client, req, response, began)
            self._acked(time.time() - began)
        finally:
            self._in_hand -= 1
            if not self._in_hand:
                self._idle.set()

    async def is_connected(self) -> bool:
        """Say whether Slack can reach this process now."""
        return bool(await self.client.is_connected())

    async def open(self) -> None:
        """Connect, however long Slack is away; raises SlackApiError for a token it refuses."""
        pause = 1.0
        while True:
            try:
                await self.client.connect()  # type: ignore[no-untyped-call]
            except SlackApiError as error:
                if code_of(error) in REFUSED_TOKEN:
                    raise
                log.warning("socket refused", code=code_of(error))
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                log.warning("socket unreachable", error=type(error).__name__)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)

    async def drain(self) -> None:
        """Wait a moment for the envelopes in hand, then hang up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SHUTDOWN_S):
                await self._idle.wait()
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await self.client.close()  # type: ignore[no-untyped-call]
        except TimeoutError:
            # The other side does not say goodbye: leave without it.
            self.client.current_session = None
            await self.client.close()  # type: ignore[no-untyped-call]
