"""The bot as its operators run it, beside a sandbox: processes that are waited for and ended."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import aiohttp

from bot.sandbox.house import Sandbox
from tests.benchmarks.signing import SECRET


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot's process, and where it listens."""

    pid: int
    url: str


@contextmanager
def bot(sandbox: Sandbox, database_url: str, command: str = "serve") -> Iterator[Bot]:
    """Run the bot on a sandbox until the end of the block."""
    port = free_port()
    env = sandbox.settings() | {
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": SECRET,
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
    }
    with running([sys.executable, "-m", "bot", command], env) as pid:
        yield Bot(pid, f"http://127.0.0.1:{port}")


@contextmanager
def running(arguments: list[str], env: dict[str, str]) -> Iterator[int]:
    """Run a process until the end of the block."""
    process = subprocess.Popen(  # noqa: S603 - our own modules
        arguments, env=os.environ | env, stdout=subprocess.DEVNULL
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(15)


async def answers(session: aiohttp.ClientSession, url: str) -> None:
    """Wait until a process answers."""
    async with asyncio.timeout(20):
        while True:
            try:
                async with session.get(f"{url}/healthz"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
