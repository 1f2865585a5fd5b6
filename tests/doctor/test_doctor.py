import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot import doctor
from bot.doctor import Finding
from bot.running import running
from bot.sandbox.faults import Answer, Reset
from bot.sandbox.house import Sandbox
from bot.sandbox.slack.demo import BUILDS, TESTER
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.store import schema

WELL = ["Database", "Slack bot token", "Slack scopes", "Slack delivery", "PlayCanvas", "Applivery"]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        sandbox.slack.install(manifest(None))
        yield sandbox


@pytest.fixture
def settings(sandbox: Sandbox, sqlite_template: Path) -> dict[str, str]:
    return sandbox.settings() | {"DATABASE_URL": f"sqlite:///{sqlite_template}", "PORT": "0"}


async def findings(settings: dict[str, str], **other: str) -> dict[str, Finding]:
    loaded = Settings.load(settings | other)
    return {finding.subject: finding async for finding in doctor.examine(loaded)}


async def bad(settings: dict[str, str], **other: str) -> Finding:
    [finding] = [each for each in (await findings(settings, **other)).values() if not each.well]
    assert finding.advice
    assert str(finding) == f"BAD  {finding.subject}: {finding.said}\n     -> {finding.advice}"
    return finding


@asynccontextmanager
async def answering(status: int, body: str) -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type="application/json")

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


async def test_all_is_well(settings: dict[str, str]) -> None:
    found = await findings(settings)
    assert list(found) == WELL
    assert [str(finding) for finding in found.values()] == [
        f"ok   Database: answers, at head ({schema.head()})",
        "ok   Slack bot token: is builds in Lantern Games",
        "ok   Slack scopes: all there",
        "ok   Slack delivery: Socket Mode opens",
        "ok   PlayCanvas: token works: 240 a minute for looks, 10 a minute for starts",
        f"ok   Applivery: install links for {settings['APPLIVERY_ORGANIZATION']}",
    ]


def test_the_readme_says_what_to_do_about_each() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    table = readme.split("| finding | when it is bad |\n")[1].split("\n\n")[0]
    explained = re.findall(r"^\| ([A-Z][\w ]+) \|", table, re.MULTILINE)
    assert explained == [*WELL[:4], "Slack ids", *WELL[4:]]


async def test_an_empty_sqlite_file_is_left_to_serve(
    settings: dict[str, str], tmp_path: Path
) -> None:
    found = await findings(settings, DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    assert found["Database"] == Finding.good(
        "Database", "is empty; `serve` migrates it at its start"
    )


async def test_a_database_that_cannot_be_opened(settings: dict[str, str], tmp_path: Path) -> None:
    finding = await bad(settings, DATABASE_URL=f"sqlite:///{tmp_path / 'nowhere' / 'bot.db'}")
    assert finding.subject == "Database"
    assert "DATABASE_URL" in finding.advice


async def test_an_empty_postgresql_wants_its_release_step(
    settings: dict[str, str], postgres_url: str
) -> None:
    finding = await bad(settings, DATABASE_URL=postgres_url)
    assert (finding.said, finding.advice) == ("is empty", "Run: python -m bot migrate")


async def test_a_slack_token_that_is_refused(settings: dict[str, str]) -> None:
    finding = await bad(settings, SLACK_BOT_TOKEN="xoxb-of-another-time")
    assert finding.said == "refused: invalid_auth"
    assert "SLACK_BOT_TOKEN" in finding.advice
    assert "xoxb" not in str(finding)


async def test_a_slack_that_does_not_answer(sandbox: Sandbox, settings: dict[str, str]) -> None:
    sandbox.slack.faults.add("auth.test", act=Reset())
    finding = await bad(settings)
    assert finding.said.startswith("no answer (")
    assert "SLACK_API_URL" in finding.advice


@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain"])
async def test_a_slack_that_answers_rubbish(
    sandbox: Sandbox, settings: dict[str, str], kind: str
) -> None:
    rubbish = Answer(200, b"<html>", {"Content-Type": kind})
    sandbox.slack.faults.add("auth.test", act=rubbish)
    finding = await bad(settings)
    assert finding.said == "an answer that cannot be read"
    assert "SLACK_API_URL" in finding.advice


async def test_scopes_that_were_forgotten(sandbox: Sandbox, settings: dict[str, str]) -> None:
    installed = manifest(None)
    installed["oauth_config"]["scopes"]["bot"].remove("groups:history")
    sandbox.slack.install(installed)
    finding = await bad(settings)
    assert finding.said == "missing groups:history"
    assert "reinstall" in finding.advice


async def test_an_app_token_that_is_refused(settings: dict[str, str]) -> None:
    finding = await bad(settings, SLACK_APP_TOKEN="xapp-of-another-time")
    assert finding.said == "Socket Mode: refused: invalid_auth"
    assert "connections:write" in finding.advice


async def test_no_way_from_slack_to_the_bot(settings: dict[str, str]) -> None:
    finding = await bad(settings, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="")
    assert "SLACK_APP_TOKEN" in finding.advice
    assert "SLACK_SIGNING_SECRET" in finding.advice


async def test_http_without_a_known_address(settings: dict[str, str]) -> None:
    found = await findings(settings, SLACK_APP_TOKEN="")
    assert found["Slack delivery"].well
    assert "PUBLIC_URL" in found["Slack delivery"].said


async def test_a_public_address_that_leads_to_the_bot(settings: dict[str, str]) -> None:
    over_http = settings | {"SLACK_APP_TOKEN": ""}
    async with answering(200, '{"ok": true}') as url:
        found = await findings(over_http, PUBLIC_URL=url)
    said = f"signed HTTP; the bot answers at {url}/healthz"
    assert found["Slack delivery"] == Finding.good("Slack delivery", said)


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, "welcome to your new domain"), (200, '{"ok": 1, "x": 2}'), (502, "{}")],
)
async def test_a_public_address_that_leads_elsewhere(
    settings: dict[str, str], status: int, body: str
) -> None:
    async with answering(status, body) as url:
        finding = await bad(settings, SLACK_APP_TOKEN="", PUBLIC_URL=url)
    assert finding.said == f"not this bot at {url}/healthz (HTTP {status})"
    assert f"python -m bot manifest --url {url}" in finding.advice


async def test_a_public_address_where_nobody_is(settings: dict[str, str]) -> None:
    async with answering(200, "{}") as url:
        pass
    finding = await bad(settings, SLACK_APP_TOKEN="", PUBLIC_URL=url)
    assert finding.said == f"no answer at {url}/healthz (ClientConnectorError)"


async def test_the_running_bot_is_recognised(settings: dict[str, str], tmp_path: Path) -> None:
    own = settings | {
        "SLACK_APP_TOKEN": "",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
        "PORT": str(_free_port()),
    }
    loaded = Settings.load(own)
    async with running(loaded, takes_slack=True, runs_loops=False):
        found = await findings(own, PUBLIC_URL=f"http://127.0.0.1:{loaded.port}")
    assert found["Slack delivery"].said.startswith("signed HTTP; the bot answers at")


async def test_a_playcanvas_token_that_is_refused(settings: dict[str, str]) -> None:
    finding = await bad(settings, PLAYCANVAS_TOKEN="of-another-time")
    assert "(401)" in finding.said
    assert "PLAYCANVAS_TOKEN" in finding.advice
    assert "of-another-time" not in str(finding)


@pytest.mark.parametrize(
    ("act", "advised"),
    [
        (Answer(429), "Wait a minute"),
        (Answer(503), "whether PlayCanvas itself is up"),
        (Answer(200, b"<html>"), "PLAYCANVAS_API_URL is the address"),
        (Answer(404, b'{"error": "Not found"}'), "PLAYCANVAS_API_URL is the address"),
    ],
)
async def test_a_playcanvas_in_trouble(
    sandbox: Sandbox, settings: dict[str, str], act: Answer, advised: str
) -> None:
    sandbox.playcanvas.faults.add("ratelimits", times=None, act=act)
    finding = await bad(settings)
    assert finding.subject == "PlayCanvas"
    assert advised in finding.advice


@pytest.mark.parametrize("left", ["APPLIVERY_TOKEN", "APPLIVERY_ORGANIZATION"])
async def test_half_an_applivery(settings: dict[str, str], left: str) -> None:
    finding = await bad(settings, **{left: ""})
    assert finding.advice == f"Set {left} as well, or neither of the two."


async def test_no_applivery_is_no_trouble(settings: dict[str, str]) -> None:
    found = await findings(settings, APPLIVERY_TOKEN="", APPLIVERY_ORGANIZATION="")
    assert found["Applivery"].well


async def test_ids_that_the_settings_name(sandbox: Sandbox, settings: dict[str, str]) -> None:
    sandbox.slack.workspace.groups["SDEVS"] = {"U1", "U2"}
    named = {"ALLOWED_USERS": f"{TESTER},SDEVS", "ALLOWED_CHANNELS": BUILDS}
    found = await findings(settings, **named)
    person = sandbox.slack.workspace.users[TESTER].name
    said = f"2 in SDEVS, {TESTER} is {person}, {BUILDS} is #builds"
    assert found["Slack ids"] == Finding.good("Slack ids", said)
    for name, wrong, refusal in (
        ("ADMIN_USERS", "SGONE", "no_such_subteam"),
        ("ADMIN_USERS", "U0NOBODY", "user_not_found"),
        ("ALLOWED_CHANNELS", "C0NOWHERE", "channel_not_found"),
    ):
        finding = await bad(settings, **named | {name: wrong})
        assert finding.said == f"{wrong}: refused: {refusal}"
        assert name in finding.advice
    sandbox.slack.workspace.users[TESTER].has_left = True
    assert (await bad(settings, ADMIN_USERS=TESTER)).said == f"{TESTER} has left"


async def test_no_secret_is_in_what_the_doctor_says(settings: dict[str, str]) -> None:
    secrets = Settings.load(settings).secrets()
    elsewhere = {"SLACK_API_URL": "http://127.0.0.1:9", "PLAYCANVAS_API_URL": "http://127.0.0.1:9"}
    password = {"DATABASE_URL": "postgresql://me:hidden-word@127.0.0.1:9/bot"}
    for other in ({}, elsewhere, password):
        said = " ".join(map(str, (await findings(settings, **other)).values()))
        assert not [secret for secret in [*secrets, "hidden-word"] if secret in said]
    assert len(secrets) == 5
