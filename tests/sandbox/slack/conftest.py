"""A sandbox Slack on a free port, its clock, and a real slack_sdk client that is pointed at it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.faults import Faults
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.browser import Browser
from bot.sandbox.slack.wire import utc_now
from tests.sandbox.slack.slack_stage import Clock


async def serve(slack: SlackSandbox) -> web.AppRunner:
    root = web.Application()
    root.add_subapp("/slack", slack.app)
    Browser(slack, '/build 543988 "Level 3"').install(root)
    runner = web.AppRunner(root, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack"
    return runner


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    """Run with the real time, which Bolt holds signatures against."""
    slack = SlackSandbox(Faults(), clock=utc_now)
    slack.core.pace.lift()
    runner = await serve(slack)
    yield slack
    await runner.cleanup()


@pytest.fixture
async def timed(clock: Clock) -> AsyncIterator[SlackSandbox]:
    """Run on the tests' own clock."""
    slack = SlackSandbox(Faults(), clock=clock)
    runner = await serve(slack)
    yield slack
    await runner.cleanup()


async def client_of(slack: SlackSandbox) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            slack.bot_token, base_url=f"{slack.url}/api/", session=session, retry_handlers=[]
        )


@pytest.fixture
async def client(slack: SlackSandbox) -> AsyncIterator[AsyncWebClient]:
    async for client in client_of(slack):
        yield client


@pytest.fixture
async def timed_client(timed: SlackSandbox) -> AsyncIterator[AsyncWebClient]:
    async for client in client_of(timed):
        yield client
