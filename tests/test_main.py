import asyncio
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner, Result

from bot.__main__ import cli
from bot.sandbox.house import Sandbox
from bot.settings import rows
from bot.slack.manifest import manifest
from bot.store import schema

REPOSITORY = Path(__file__).parents[1]
# Somewhere without a .env, which a developer has in the repository.
ELSEWHERE = Path(__file__).parent
SECRET = "xoxb-nobody-may-read-this"


@dataclass(frozen=True)
class Ended:
    code: int | None
    output: str
    errors: str


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A place without settings: no .env, nothing in the environment."""
    for name, _, _ in rows():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called(*arguments: str, **settings: str) -> Result:
    return CliRunner(env=settings).invoke(cli, arguments)


@asynccontextmanager
async def started(*arguments: str, **settings: str) -> AsyncIterator[Process]:
    """Run the bot as people do, in a process of its own; it ends with the test."""
    own = {name for name, _, _ in rows()}
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    environment: Mapping[str, str] = inherited | {"PYTHONPATH": str(REPOSITORY)} | settings
    command = (sys.executable, "-W", "error", "-m", "bot", *arguments)
    bot = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=PIPE, env=environment, cwd=ELSEWHERE
    )
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.kill()
            await bot.wait()


async def ended(*arguments: str, **settings: str) -> Ended:
    async with started(*arguments, **settings) as bot:
        output, errors = await bot.communicate()
        return Ended(bot.returncode, output.decode(), errors.decode())


@pytest.mark.parametrize(
    ("arguments", "url"),
    [(("--socket",), None), (("--url", "https://bot.example.com/"), "https://bot.example.com")],
)
def test_the_manifest_is_printed_for_either_way(
    arguments: tuple[str, ...], url: str | None
) -> None:
    printed = called("manifest", *arguments)
    assert printed.exit_code == 0
    assert json.loads(printed.output) == manifest(url)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give either --url https://… or --socket."),
        (("--socket", "--url", "https://bot.example.com"), "Give either --url https://… or"),
        (("--url", "http://bot.example.com"), "Slack delivers to https addresses only."),
    ],
)
def test_a_manifest_that_cannot_be(arguments: tuple[str, ...], said: str) -> None:
    printed = called("manifest", *arguments)
    assert printed.exit_code == 2
    assert said in printed.output


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("command", ["serve", "work", "migrate", "doctor"])
def test_missing_settings_are_named_with_their_place(command: str) -> None:
    refused = called(command, PLAYCANVAS_TOKEN="")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: The settings need attention:\n")
    assert "  SLACK_BOT_TOKEN is missing. The bot’s token. Slack app →" in refused.output
    assert "  PLAYCANVAS_TOKEN is missing. " in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.usefixtures("nowhere")
def test_wrong_settings_are_named_without_their_values() -> None:
    settings = {"SLACK_BOT_TOKEN": SECRET[1:], "PLAYCANVAS_TOKEN": SECRET, "PORT": "no-port-at-all"}
    refused = called("serve", **settings)
    assert refused.exit_code == 1
    assert "  SLACK_BOT_TOKEN does not begin with xoxb-. " in refused.output
    assert "  PORT is wrong: " in refused.output
    assert SECRET[1:] not in refused.output
    assert "no-port-at-all" not in refused.output


@pytest.mark.usefixtures("nowhere")
def test_slack_needs_a_way_to_the_bot() -> None:
    refused = called("serve", SLACK_BOT_TOKEN="xoxb-1", PLAYCANVAS_TOKEN="token")
    assert refused.exit_code == 1
    assert "One of these two is needed:" in refused.output
    assert "  SLACK_APP_TOKEN is missing. " in refused.output
    assert "  SLACK_SIGNING_SECRET is missing. " in refused.output


async def test_the_loops_of_sqlite_run_in_serve(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    refused = await ended("work", **_minimal(path))
    assert refused == Ended(
        1,
        "",
        "Error: On SQLite `serve` runs the loops itself; `work` is for DATABASE_URL=postgres://…\n",
    )
    assert not path.exists()


async def test_an_empty_file_comes_to_head(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    for _ in range(2):  # the second time there is nothing to do
        migrated = await ended("migrate", **_minimal(path))
        assert migrated == Ended(0, f"The database is at head ({schema.head()}).\n", "")
    with sqlite3.connect(path) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
    database.close()
    assert {"jobs", "events", "notices", "buckets"} <= tables


async def test_the_doctor_reports_and_judges(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        sandbox.slack.install(manifest(None))
        settings = sandbox.settings() | {"DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}"}
        well = await ended("doctor", **settings)
        unwell = await ended("doctor", **settings | {"SLACK_BOT_TOKEN": SECRET})
    assert (well.code, well.errors) == (0, "")
    assert [line[:5] for line in well.output.splitlines()] == ["ok   "] * 6
    assert unwell.code == 1
    assert "BAD  Slack bot token: refused: invalid_auth\n     -> " in unwell.output
    assert SECRET not in unwell.output + unwell.errors


async def test_serve_needs_tokens_that_slack_takes(tmp_path: Path) -> None:
    async with Sandbox() as sandbox:
        own = {"DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}", "PORT": "0"}
        settings = sandbox.settings() | own
        refused = await ended("serve", **settings | {"SLACK_BOT_TOKEN": SECRET})
    assert refused.code == 1
    assert "Error: Slack refuses SLACK_BOT_TOKEN (invalid_auth). " in refused.errors
    assert "Traceback" not in refused.errors
    assert SECRET not in refused.errors


@pytest.mark.parametrize(
    ("command", "code", "last"),
    [
        ("/build 543988 Instant", 0, "↳ Build Bot: @Mina Okafor #1 is ready: "),
        ("/build 543988 543988", 1, "(only you see this) #1 was not started. "),
        ("/download fruit-android", 0, "Download APK: http://127.0.0.1:"),
    ],
)
async def test_the_demo_tells_a_conversation(command: str, code: int, last: str) -> None:
    told = await ended("demo", "--once", command)
    assert (told.code, told.errors) == (code, "")
    assert told.output.startswith(f"Mina Okafor: {command}\n")
    assert last in told.output


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_the_demo_opens_a_page_and_ends_cleanly(stop: signal.Signals) -> None:
    async with started("demo", "--port", "0") as bot:
        assert bot.stdout
        opened = (await bot.stdout.readline()).decode()
        tried, other = [(await bot.stdout.readline()).decode() for _ in range(2)]
        assert opened.startswith("Open this page:  http://127.0.0.1:")
        assert tried == 'and try:         /build 543988 "Level 3"\n'
        assert other == "or:              /download fruit-android\n"
        async with aiohttp.ClientSession() as session, session.get(opened.split()[-1]) as answer:
            assert answer.status == 200
        bot.send_signal(stop)
        output, errors = await bot.communicate()
    assert (bot.returncode, output, errors) == (0, b"", b"")


def _minimal(path: Path) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "PLAYCANVAS_TOKEN": "token",
        "DATABASE_URL": f"sqlite:///{path}",
    }
