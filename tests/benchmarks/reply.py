"""Reply: from the look that sees the end of a build to the message in Slack."""

import asyncio
import math
import statistics
import tempfile
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.sandbox.house import Sandbox
from bot.sandbox.slack.workspace import Channel
from bot.slack.manifest import manifest
from tests.benchmarks.processes import answers, bot
from tests.benchmarks.signing import command
from tests.benchmarks.table import Row

_PLENTY = 60_000
_LASTS = 0.25  # of the eight seconds of a Level 3: a channel takes one post a second
_SPACING_S, _PATIENCE_S = 0.5, 30.0


def measure(*, short: bool) -> list[Row]:
    """Measure builds that end one after the other, each in a channel of its own."""
    lags = asyncio.run(_measured(3 if short else 150))
    lags.sort()
    name = f"{len(lags)} builds, end seen to reply"
    return [
        Row(f"{name}: p50, ms", statistics.median(lags), None),
        Row(f"{name}: p99, ms", lags[math.ceil(len(lags) * 0.99) - 1], None, wanted=300.0),
        Row(f"{name}: slowest, ms", lags[-1], None),
    ]


async def _measured(number: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
            _unhurried(sandbox)
            with bot(sandbox, f"sqlite:///{Path(folder) / 'bot.db'}") as process:
                await answers(session, process.url)
                for each in range(number):
                    await _ask(session, process.url, sandbox, each)
                    await asyncio.sleep(_SPACING_S if number > 3 else 0)
                async with asyncio.timeout(_PATIENCE_S):
                    while len(_replies(sandbox)) < number:  # noqa: ASYNC110 - books ring no bell
                        await asyncio.sleep(0.1)
    return _lags(sandbox)


def _unhurried(sandbox: Sandbox) -> None:
    """Let no server's pace be what is measured."""
    sandbox.slack.install(manifest(None))
    sandbox.slack.core.pace.lift()
    sandbox.playcanvas.jobs.scale = _LASTS
    sandbox.playcanvas.limits.strict.limit = sandbox.playcanvas.limits.normal.limit = _PLENTY


async def _ask(session: aiohttp.ClientSession, url: str, sandbox: Sandbox, number: int) -> None:
    workspace = sandbox.slack.workspace
    channel = Channel(_channel(number), f"lag-{number}", "", set(workspace.users), bot_in=True)
    workspace.add_channel(channel)
    body, headers = command(number, workspace.team_id, channel.id, version=str(number))
    async with session.post(f"{url}/slack/events", data=body, headers=headers) as response:
        assert response.status == 200, await response.text()


def _channel(number: int) -> str:
    return f"C0LAG{number:06}"


def _replies(sandbox: Sandbox) -> dict[str, datetime]:
    """Say when each channel's reply came, by Slack's books."""
    posts = sandbox.slack.books.granted("chat.postMessage")
    return {p.arguments["channel"]: p.at for p in posts if p.arguments.get("thread_ts")}


def _lags(sandbox: Sandbox) -> list[float]:
    """Compare with when each end was first told, by PlayCanvas's books; in ms."""
    told: dict[int, datetime] = {}
    for each in sandbox.playcanvas.books:
        if each.method == "GET" and "/jobs/" in each.path:
            job = sandbox.playcanvas.jobs.find(int(each.path.rpartition("/")[2]))
            if job.ended_at(each.at) is not None:
                told.setdefault(int(job.order.echo["version"]), each.at)
    replies = _replies(sandbox)
    return [(replies[_channel(number)] - at).total_seconds() * 1000 for number, at in told.items()]
