"""Settings: everything that differs between one place where the bot runs and another."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import address
from bot.builds.bucket import SHARE
from bot.builds.rights import Rights

_HOST_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class SettingsError(Exception):
    """Settings that are missing or wrong: each with its name, the trouble, and where to find it."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("\n".join(["The settings need attention:", *findings]))


def _web_address(text: str) -> str:
    """Check an address that paths are put behind, and take its last slash away."""
    parts = address.parted(text) if text.split() == [text] else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        trouble = "is not a web address that begins with http:// or https://"
        raise ValueError(trouble)
    if parts.query or parts.fragment or parts.username is not None:
        trouble = "is not a plain web address: it has no place for a user, a ? or a #"
        raise ValueError(trouble)
    return text.rstrip("/")


def _one_word(value: SecretStr) -> SecretStr:
    """Take away what surrounds a pasted secret; inside, white space would break a header."""
    text = value.get_secret_value().strip()
    if len(text.split()) != 1 or not text.isascii():
        trouble = "is not one word of plain letters, digits and signs"
        raise ValueError(trouble)
    return SecretStr(text)


def _token(*openings: str) -> AfterValidator:
    """Check that a token is of the kind that is wanted: Slack has several."""

    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(openings):
            trouble = f"does not begin with {' or '.join(openings)}"
            raise ValueError(trouble)
        return value

    return AfterValidator(check)


def _workspace(text: str) -> str:
    """Check the name in an address, and find it in one that was pasted whole."""
    name = text.strip().casefold().removeprefix("https://").rstrip("/")
    name = name.removesuffix(".applivery.io")
    if not _HOST_NAME.fullmatch(name):
        trouble = "is not the first part of https://….applivery.io"
        raise ValueError(trouble)
    return name


def _small(text: object) -> object:
    """Read a choice in any spelling, for one that is written small."""
    return text.strip().lower() if isinstance(text, str) else text


def _capital(text: object) -> object:
    """Read a choice in any spelling, for one that is written in capitals."""
    return text.strip().upper() if isinstance(text, str) else text


def _ids(first: str, example: str) -> BeforeValidator:
    """Read ids that begin with one of some letters, with commas or white space between them."""
    form = re.compile(rf"[{first}][A-Z0-9]{{2,}}")

    def read(text: object) -> object:
        ids = text.replace(",", " ").split() if isinstance(text, str) else text
        if isinstance(ids, list) and not all(map(form.fullmatch, ids)):
            trouble = f"does not consist of ids like {example}, with commas between them"
            raise ValueError(trouble)
        return ids

    return BeforeValidator(read)


# NoDecode: they are not written as JSON.
Channels = Annotated[tuple[str, ...], NoDecode, _ids("CDG", "C012AB3CD")]
People = Annotated[tuple[str, ...], NoDecode, _ids("USW", "U012AB3CD or S012AB3CD")]
Secret = Annotated[SecretStr, AfterValidator(_one_word)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class BuildSettings(BaseSettings):
    """What building takes, with Slack or without; read from the environment and `.env`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_file=".env",
        env_ignore_empty=True,  # as the lines of .env.example come
        hide_input_in_errors=True,
    )

    playcanvas_token: Secret = Field(
        description="An API token of the team’s account. PlayCanvas → Account → API Tokens.",
    )
    playcanvas_api_url: WebAddress = Field(
        default="https://playcanvas.com/api", description="Where PlayCanvas’s REST API is."
    )
    database_url: Annotated[str, AfterValidator(address.read)] = Field(
        default="sqlite+aiosqlite:///bot.db",
        repr=False,  # it may hold a password
        description="Where everything is kept. postgres://… for several machines.",
    )
    deadline_minutes: int = Field(
        default=60, ge=1, le=1440, description="How long a build is waited for before it expires."
    )
    budget_share: float = Field(
        default=SHARE,
        ge=0.1,
        le=1.0,
        description="Which share of PlayCanvas’s rate limits the bot spends over time, from 0.1 to "
        "1.0; the rest is for others on the account.",
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_small)] = Field(
        default="console", description="How log lines look: console, json."
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_capital)
    ] = Field(default="INFO", description="The least important lines that are logged.")

    @classmethod
    def for_builds(cls) -> "BuildSettings":
        """Read these alone, whatever else is set; raises SettingsError."""
        with _attention():
            return BuildSettings()

    def secrets(self) -> list[str]:
        """List every secret value, so that none of them is ever shown."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        password = urlsplit(self.database_url).password
        return [*found, password, unquote(password)] if password else found


class Settings(BuildSettings):
    """One process's settings, read from the environment and `.env`; they never change."""

    slack_bot_token: Annotated[Secret, _token("xoxb-")] = Field(
        description="The bot’s token. Slack app → OAuth & Permissions → Bot User OAuth Token."
    )
    slack_app_token: Annotated[Secret, _token("xapp-")] | None = Field(
        default=None,
        description="Switches Socket Mode on: no public address needed. Slack app → Basic "
        "Information → App-Level Tokens, with connections:write.",
    )
    slack_signing_secret: Secret | None = Field(
        default=None,
        description="Needed for HTTP, that is without an app token. Slack app → Basic "
        "Information → Signing Secret.",
    )
    slack_api_url: Annotated[WebAddress, AfterValidator(lambda url: f"{url}/")] = Field(
        default="https://slack.com/api/", description="Where Slack’s Web API is."
    )
    applivery_token: Secret | None = Field(
        default=None,
        description="Switches install links on. Applivery → Settings → Service Accounts.",
    )
    applivery_organization: str | None = Field(
        default=None, description="The organization’s id or slug at Applivery."
    )
    applivery_workspace: Annotated[str, AfterValidator(_workspace)] | None = Field(
        default=None,
        description="Shows testers the install page as well: the first part of "
        "https://….applivery.io, where the team signs in.",
    )
    applivery_api_url: WebAddress = Field(
        default="https://api.applivery.io", description="Where Applivery’s API is."
    )
    applivery_download_url: WebAddress = Field(
        default="https://download-api.applivery.io",
        description="Where Applivery’s downloads are; private tenants have their own.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=3000, ge=0, le=65535, description="The port to listen on.")
    public_url: WebAddress | None = Field(
        default=None, description="The address at which Slack reaches this bot over HTTP."
    )
    broadcast: Annotated[Literal["all", "failures", "none"], BeforeValidator(_small)] = Field(
        default="all", description="Which replies the channel sees as well: all, failures, none."
    )
    in_doubt: Annotated[Literal["resend", "leave"], BeforeValidator(_small)] = Field(
        default="resend",
        description="What becomes of a post that was maybe sent where Slack does not let the bot "
        "look: resend, leave.",
    )
    allowed_channels: Channels = Field(
        default=(),
        description="Ids of the channels where builds are started; empty: everywhere. The id "
        "stands at the end of a channel’s About.",
    )
    allowed_users: People = Field(
        default=(),
        description="Ids of people (U…) or user groups (S…) who may start builds, besides the "
        "admins; empty: everyone.",
    )
    admin_users: People = Field(
        default=(),
        description="Ids of people or user groups who may change the catalogue, stop others’ "
        "builds and read the audit trail; empty: everyone who may build.",
    )

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings, from `env` alone when it is given; raises SettingsError."""
        with _attention():
            if env is None:
                return cls()
            given = {name.lower(): value for name, value in env.items() if value}
            values: dict[str, Any] = {name: given[name] for name in cls.model_fields & given.keys()}
            return _Given(**values)

    def check_delivery(self) -> None:
        """Raise SettingsError when Slack has no way to reach the bot."""
        if self.slack_app_token is None and self.slack_signing_secret is None:
            either = ("slack_app_token", "slack_signing_secret")
            needed = [_line(name, "is missing") for name in either]
            raise SettingsError(["One of these two is needed:", *needed])

    @property
    def rights(self) -> Rights:
        """Say who may do what."""
        channels, people = frozenset(self.allowed_channels), frozenset(self.allowed_users)
        return Rights(channels, people, frozenset(self.admin_users))

    @property
    def has_applivery(self) -> bool:
        """Say whether install links are switched on."""
        return self.applivery_token is not None and self.applivery_organization is not None


class _Given(Settings):
    """Settings that come from their caller alone, whatever this machine's environment holds."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def rows() -> list[tuple[str, str, str]]:
    """List each setting's name, default and description, for the README and .env.example."""
    return [
        (name.upper(), _default(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _default(value: object) -> str:
    return "" if value in (PydanticUndefined, None, ()) else str(value)


@contextmanager
def _attention() -> Iterator[None]:
    """Raise what is wrong with settings as a SettingsError."""
    try:
        yield
    except ValidationError as error:
        raise SettingsError([_finding(trouble) for trouble in error.errors()]) from None
    except (OSError, UnicodeDecodeError) as error:
        trouble = f"  The file .env cannot be read: {type(error).__name__}."
        raise SettingsError([trouble]) from None


def _finding(trouble: ErrorDetails) -> str:
    name = str(trouble["loc"][0])
    said = "is missing" if trouble["type"] == "missing" else _said(trouble["msg"])
    return _line(name, said)


def _line(name: str, said: str) -> str:
    return f"  {name.upper()} {said}. {Settings.model_fields[name].description}"


def _said(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return text if text.startswith(("is ", "does ", "has ", "names ")) else f"is wrong: {text}"
