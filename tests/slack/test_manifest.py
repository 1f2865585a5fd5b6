import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.app import App
from bot.sandbox.house import Sandbox
from bot.settings import Settings
from bot.slack.listeners import registry
from bot.slack.manifest import manifest
from bot.slack.messages.form import FIELD

HERE = Path(__file__).parent
URL = "https://bot.example.com"
SCHEMA = HERE.parents[2] / "shared" / "schemas" / "slack-manifest.v1.schema.json"
SHOWN_ACTION = re.compile(r"""['"]action_id['"]: ['"]([^'"]+)['"]""")


class Noting(AsyncApp):
    """Bolt itself, which also notes what it is told to listen to."""

    heard: dict[str, list[str]]

    def __init__(self, **arguments: Any) -> None:  # noqa: ANN401 - Bolt's own
        super().__init__(**arguments)
        self.heard = {}
        for kind in ("command", "action", "event", "shortcut", "view", "options"):
            setattr(self, kind, self._noting(kind, getattr(self, kind)))

    def _noting(self, kind: str, listen: Any) -> Any:  # noqa: ANN401 - each has its own
        def note(constraint: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - the same
            self.heard.setdefault(kind, []).append(constraint)
            return listen(constraint, *rest, **more)

        return note


@pytest.fixture
async def bolt(
    monkeypatch: pytest.MonkeyPatch, sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[Noting]:
    """The bot's own listeners, in a sandbox that says whose token it is."""
    file = shutil.copy(sqlite_template, tmp_path / "bot.db")
    monkeypatch.setattr(registry, "AsyncApp", Noting)
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        settings = Settings.load(sandbox.settings() | {"DATABASE_URL": f"sqlite:///{file}"})
        app = App(settings, session)
        bolt = app.bolt()
        assert isinstance(bolt, Noting)
        yield bolt
        await app.store.database.close()


@pytest.fixture(params=[None, URL], ids=["socket", "url"])
def printed(request: pytest.FixtureRequest) -> dict[str, Any]:
    return manifest(request.param)


def commands(printed: dict[str, Any]) -> list[str]:
    return [each["command"] for each in printed["features"]["slash_commands"]]


def test_slack_takes_it(printed: dict[str, Any]) -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's schema of manifests is not beside this repository.")
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    errors = jsonschema.Draft7Validator(schema).iter_errors(printed)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_addresses_are_for_http_alone() -> None:
    over_socket, over_http = manifest(None), manifest(f"{URL}/")
    assert "://" not in json.dumps(over_socket)
    assert over_socket["settings"]["socket_mode_enabled"] is True
    assert over_http["settings"]["socket_mode_enabled"] is False
    urls = re.findall(r"https://[^\"]+", json.dumps(over_http))
    assert urls == [f"{URL}/slack/events"] * (len(commands(over_http)) + 3)


async def test_commands_are_those_that_are_listened_to(
    bolt: Noting, printed: dict[str, Any]
) -> None:
    assert sorted(commands(printed)) == sorted(bolt.heard["command"])
    assert all(each["should_escape"] for each in printed["features"]["slash_commands"])


async def test_events_and_shortcuts_are_those_that_are_listened_to(
    bolt: Noting, printed: dict[str, Any]
) -> None:
    subscribed = printed["settings"].get("event_subscriptions", {}).get("bot_events", [])
    assert sorted(subscribed) == sorted(bolt.heard.get("event", []))
    shortcuts = [each["callback_id"] for each in printed["features"].get("shortcuts", [])]
    assert sorted(shortcuts) == sorted(bolt.heard.get("shortcut", []))


async def test_menus_have_an_address_if_there_are_any(bolt: Noting) -> None:
    interactivity = manifest(URL)["settings"]["interactivity"]
    assert ("message_menu_options_url" in interactivity) == ("options" in bolt.heard)


async def test_every_button_that_is_shown_has_a_listener(bolt: Noting) -> None:
    snapshots = [path for path in HERE.rglob("__snapshots__/**/*") if path.is_file()]
    shown = {found for path in snapshots for found in SHOWN_ACTION.findall(path.read_text())}
    assert shown - {FIELD} == {*bolt.heard["action"], *bolt.heard["options"]}


async def test_bolt_takes_every_command_of_the_manifest(bolt: Noting) -> None:
    for command in commands(manifest(None)):
        assert (await dispatched(bolt, command)).status == 200
    assert (await dispatched(bolt, "/of-another-app")).status == 404


async def dispatched(bolt: AsyncApp, command: str) -> BoltResponse:
    payload = {
        "command": command,
        "text": "help",
        "team_id": "T0LANTERN01",
        "channel_id": "C1",
        "user_id": "U1",
        "trigger_id": "1.2.3",
    }
    return await bolt.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
