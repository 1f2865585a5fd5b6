"""Stopping while Slack says nothing: the process ends in time all the same."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.running import running
from bot.sandbox.faults import Answer
from bot.sandbox.house import Sandbox
from bot.settings import Settings
from tests.flows.flows_stage import environment, free_port

# The design gives a stop ten seconds; the SDK alone would wait that long for a farewell.
SHUTDOWN_S = 8


@pytest.fixture
async def mute() -> AsyncIterator[str]:
    """A WebSocket whose other end never reads, and so never answers."""
    over = asyncio.Event()

    async def connect(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await over.wait()
        return socket

    app = web.Application()
    app.router.add_get("/", connect)
    async with TestServer(app) as server:
        yield f"ws://127.0.0.1:{server.port}/"
        over.set()


async def test_a_slack_that_does_not_say_goodbye_is_left_without(database: Path, mute: str) -> None:
    async with Sandbox() as sandbox:
        answer = json.dumps({"ok": True, "url": mute}).encode()
        opened = Answer(200, answer, {"Content-Type": "application/json"})
        sandbox.slack.faults.add(path="apps.connections.open", times=None, act=opened)
        env = environment(sandbox, database, "socket", free_port())
        bot = running(Settings.load(env), takes_slack=True, runs_loops=True)
        await bot.__aenter__()
        async with asyncio.timeout(SHUTDOWN_S):
            await bot.__aexit__(None, None, None)
