"""Settings are read, checked and explained; nothing of them is shown."""

import re
import textwrap
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.builds.rights import Rights
from bot.settings import Settings, SettingsError, rows

ROOT = Path(__file__).parent.parent
LEAST = {"SLACK_BOT_TOKEN": "xoxb-1-a", "PLAYCANVAS_TOKEN": "pc-token"}
README = ROOT / "README.md"


def load(**env: str) -> Settings:
    return Settings.load(LEAST | env)


def complaint(**env: str) -> str:
    with pytest.raises(SettingsError) as raised:
        load(**env)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__, "the values are in the error behind it"
    return str(raised.value)


def test_the_least_and_what_the_rest_is_then() -> None:
    settings = load()
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-a"
    assert settings.playcanvas_token.get_secret_value() == "pc-token"
    assert settings.model_dump(exclude={"slack_bot_token", "playcanvas_token"}) == {
        "slack_app_token": None,
        "slack_signing_secret": None,
        "slack_api_url": "https://slack.com/api/",
        "playcanvas_api_url": "https://playcanvas.com/api",
        "applivery_token": None,
        "applivery_organization": None,
        "applivery_workspace": None,
        "applivery_api_url": "https://api.applivery.io",
        "applivery_download_url": "https://download-api.applivery.io",
        "database_url": "sqlite+aiosqlite:///bot.db",
        "host": "127.0.0.1",
        "port": 3000,
        "public_url": None,
        "broadcast": "all",
        "in_doubt": "resend",
        "deadline_minutes": 60,
        "budget_share": 0.8,
        "allowed_channels": (),
        "allowed_users": (),
        "admin_users": (),
        "log_format": "console",
        "log_level": "INFO",
    }


def test_lists_of_ids_are_read_from_any_place(monkeypatch: pytest.MonkeyPatch) -> None:
    given = LEAST | {"ALLOWED_CHANNELS": "C012AB3CD,  G23", "ADMIN_USERS": "U12 S34"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    for settings in (Settings.load(given), Settings.load()):
        assert settings.rights == Rights(
            channels=frozenset({"C012AB3CD", "G23"}), admins=frozenset({"U12", "S34"})
        )
        assert settings.rights.groups == {"S34"}


@pytest.mark.parametrize("given", ["Studio", "studio.applivery.io", "https://studio.applivery.io/"])
def test_the_workspace_is_found_in_its_address(given: str) -> None:
    assert load(APPLIVERY_WORKSPACE=given).applivery_workspace == "studio"


def test_a_workspace_that_is_none_is_named() -> None:
    assert "APPLIVERY_WORKSPACE is not the first part of" in complaint(APPLIVERY_WORKSPACE="a/b")


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().port = 1  # type: ignore[misc]


def test_what_is_missing_is_named_with_the_place_to_find_it() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.load({"SLACK_BOT_TOKEN": ""})
    text = str(raised.value)
    assert "SLACK_BOT_TOKEN is missing. The bot’s token. Slack app → OAuth & Permissions" in text
    assert "PLAYCANVAS_TOKEN is missing." in text
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-private", "does not begin with xoxb-. "),
        ("SLACK_APP_TOKEN", "xoxb-private", "does not begin with xapp-. "),
        ("PLAYCANVAS_TOKEN", "private private", "is not one word"),
        ("PLAYCANVAS_TOKEN", "   ", "is not one word"),
        ("SLACK_SIGNING_SECRET", "privåte", "is not one word"),
        ("PLAYCANVAS_API_URL", "ftp://private", "is not a web address"),
        ("PLAYCANVAS_API_URL", "https://", "is not a web address"),
        ("PLAYCANVAS_API_URL", "https://a private", "is not a web address"),
        ("SLACK_API_URL", "https://[private", "is not a web address"),
        ("SLACK_API_URL", "https://a:private/", "is not a web address"),
        ("ALLOWED_CHANNELS", "#private", "does not consist of ids like C012AB3CD, with commas"),
        ("ALLOWED_USERS", "U012AB3CD, private", "does not consist of ids like U012AB3CD or S"),
        ("PUBLIC_URL", "https://me:private@a.io", "is not a plain web address"),
        ("APPLIVERY_API_URL", "https://a.io/?private", "is not a plain web address"),
        ("DATABASE_URL", "mysql://private", "is neither a sqlite:/// nor a postgres:// address"),
        ("DATABASE_URL", "private.db", "is neither a sqlite:/// nor a postgres:// address"),
        ("DATABASE_URL", "postgres://u:p@a:private/b", "is neither a sqlite:///"),
        ("PORT", "private", "is wrong: Input should be a valid integer"),
        ("PORT", "65536", "is wrong: Input should be less than or equal to 65535"),
        ("DEADLINE_MINUTES", "0", "is wrong: Input should be greater than or equal to 1"),
        ("BUDGET_SHARE", "1.5", "is wrong: Input should be less than or equal to 1"),
        ("BROADCAST", "private", "is wrong: Input should be 'all', 'failures' or 'none'"),
        ("LOG_FORMAT", "private", "is wrong: Input should be 'console' or 'json'"),
        ("LOG_LEVEL", "private", "is wrong: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_what_is_wrong_is_named_but_not_shown(name: str, value: str, said: str) -> None:
    text = complaint(**{name: value})
    assert f"  {name} {said}" in text
    assert {row[0]: row[2] for row in rows()}[name] in text
    assert "priv" not in text


def test_everything_wrong_is_said_at_once() -> None:
    text = complaint(PORT="x", BROADCAST="y", SLACK_BOT_TOKEN="z")
    assert [line.split()[0] for line in text.splitlines()[1:]] == [
        *("SLACK_BOT_TOKEN", "PORT", "BROADCAST")
    ]


def test_slack_has_to_reach_the_bot_in_one_way() -> None:
    with pytest.raises(SettingsError) as raised:
        load().check_delivery()
    assert "SLACK_APP_TOKEN is missing." in str(raised.value)
    assert "SLACK_SIGNING_SECRET is missing." in str(raised.value)
    load(SLACK_APP_TOKEN="xapp-1").check_delivery()
    load(SLACK_SIGNING_SECRET="abc").check_delivery()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgres://u:p@db/bot", "postgresql+asyncpg://u:p@db/bot"),
        ("postgresql://db/bot", "postgresql+asyncpg://db/bot"),
        ("postgresql+asyncpg://db/bot", "postgresql+asyncpg://db/bot"),
        ("sqlite:///bot.db", "sqlite+aiosqlite:///bot.db"),
        ("sqlite:////var/my bot/bot.db", "sqlite+aiosqlite:////var/my bot/bot.db"),
        ("sqlite+aiosqlite:///bot.db", "sqlite+aiosqlite:///bot.db"),
    ],
)
def test_databases(given: str, read: str) -> None:
    assert load(DATABASE_URL=given).database_url == read


@pytest.mark.parametrize("given", ["http://a.io/x", "http://a.io/x/", "http://a.io/x//"])
def test_addresses_end_as_their_clients_want_them(given: str) -> None:
    settings = load(SLACK_API_URL=given, PLAYCANVAS_API_URL=given, PUBLIC_URL=given)
    assert settings.slack_api_url == "http://a.io/x/"
    assert settings.playcanvas_api_url == settings.public_url == "http://a.io/x"


def test_pasted_space_and_other_spellings_are_forgiven() -> None:
    settings = load(
        SLACK_BOT_TOKEN=" xoxb-2\n", BROADCAST="None", LOG_FORMAT="JSON", LOG_LEVEL="debug"
    )
    assert settings.slack_bot_token.get_secret_value() == "xoxb-2"
    assert (settings.broadcast, settings.log_format, settings.log_level) == (
        "none",
        "json",
        "DEBUG",
    )


def test_install_links_need_a_token_and_an_organization() -> None:
    assert load(APPLIVERY_TOKEN="a", APPLIVERY_ORGANIZATION="b").has_applivery
    assert not load(APPLIVERY_TOKEN="a").has_applivery
    assert not load(APPLIVERY_ORGANIZATION="b").has_applivery


def test_every_secret_is_known_and_none_is_shown() -> None:
    settings = load(
        SLACK_APP_TOKEN="xapp-1",
        SLACK_SIGNING_SECRET="s1gn",
        APPLIVERY_TOKEN="4ppl",
        DATABASE_URL="postgres://me:pass%21word@db/bot",
    )
    secrets = ["pc-token", "xoxb-1-a", "xapp-1", "s1gn", "4ppl", "pass%21word", "pass!word"]
    assert settings.secrets() == secrets
    assert not any(secret in f"{settings!r} {settings}" for secret in secrets)
    assert load().secrets() == ["pc-token", "xoxb-1-a"]


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(tmp_path, monkeypatch)
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-file\nPORT=1\nHOST=\nOTHER=x\n")
    monkeypatch.setenv("PORT", "2")
    monkeypatch.setenv("PLAYCANVAS_TOKEN", "pc")
    settings = Settings.load()
    assert settings.slack_bot_token.get_secret_value() == "xoxb-file"
    assert (settings.port, settings.host) == (2, "127.0.0.1")


def test_a_file_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(tmp_path, monkeypatch)
    (tmp_path / ".env").write_bytes(b"HOST=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read: UnicodeDecodeError"):
        Settings.load()


def test_given_settings_are_all_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _only(tmp_path, monkeypatch)
    (tmp_path / ".env").write_text("PORT=1\n")
    monkeypatch.setenv("HOST", "127.0.0.2")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    settings = load()
    assert (settings.port, settings.host, settings.slack_app_token) == (3000, "127.0.0.1", None)


def test_env_example_has_every_setting_with_its_default_and_description() -> None:
    text = (ROOT / ".env.example").read_text()
    wrapped = [
        "\n".join([*textwrap.wrap(f"# {said}", 98, subsequent_indent="# "), f"{name}={default}"])
        for name, default, said in rows()
    ]
    assert text.rstrip("\n").split("\n\n")[1:] == wrapped


def test_the_readme_has_every_setting_with_its_default_and_description() -> None:
    table = re.search(r"<!-- settings -->\n(.*?)<!-- /settings -->", README.read_text(), re.DOTALL)
    assert table, "README.md has no table between <!-- settings --> and <!-- /settings -->"
    assert table[1].strip() == readme_table()


def readme_table() -> str:
    lines = [
        f"| `{name}` | {f'`{default}`' if default else ''} | {said} |"
        for name, default, said in rows()
    ]
    return "\n".join(["| name | default | what it is |", "|---|---|---|", *lines])


def _only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing of this machine's own settings."""
    monkeypatch.chdir(folder)
    for name, _, _ in rows():
        monkeypatch.delenv(name, raising=False)
