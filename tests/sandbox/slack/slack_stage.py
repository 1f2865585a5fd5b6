"""A real Bolt app on loopback, and small ways to wait for what a person is shown."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.audience import Events

Json = dict[str, Any]
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)


def button(action_id: str = "stop", **more: object) -> Json:
    text = {"type": "plain_text", "text": "Stop"}
    return {"type": "button", "text": text, "action_id": action_id, "value": "142"} | more


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "steering", "elements": list(elements)}


async def next_of(events: Events, *kinds: str) -> Json:
    """Wait for the next event of these kinds, past all others."""
    async with asyncio.timeout(5):
        async for event in events:
            if event["type"] in kinds:
                return event
    raise AssertionError


def bolt(client: AsyncWebClient, slack: SlackSandbox) -> AsyncApp:
    return AsyncApp(
        client=client, signing_secret=slack.signing_secret, process_before_response=True
    )


@asynccontextmanager
async def over_socket(app: AsyncApp, slack: SlackSandbox) -> AsyncIterator[AsyncSocketModeHandler]:
    slack.deliver_to(None)
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.1)
    before = slack.sockets.connections
    await handler.client.connect()  # type: ignore[no-untyped-call]
    await slack.sockets.connected(before + 1)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def over_http(app: AsyncApp, slack: SlackSandbox) -> AsyncIterator[str]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async with listening(events) as url:
        slack.deliver_to(url)
        yield url


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[str]:
    """Serve one handler on a free port."""
    server = web.Application()
    server.router.add_post("/slack/events", handler)
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


async def raw_call(
    slack: SlackSandbox,
    method: str,
    **request: Any,  # noqa: ANN401 - handed on to aiohttp as it is
) -> tuple[int, Json, Mapping[str, str]]:
    """Call a method without the SDK; returns status, body and headers."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.url}/api/{method}", **request) as answer,
    ):
        return answer.status, await answer.json(), answer.headers
