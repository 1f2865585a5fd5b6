"""Settings: everything that differs between one place where the bot runs and another."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefined
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


class SettingsError(Exception):
    """Settings that are missing or wrong: each with its name, the trouble, and where to find it."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("\n".join(["The settings need attention:", *findings]))


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        trouble = "is not a web address that begins with http:// or https://"
        raise ValueError(trouble)
    return text.rstrip("/")


def _token(*openings: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(openings):
            trouble = f"does not begin with {' or '.join(openings)}"
            raise ValueError(trouble)
        return value

    return AfterValidator(check)


def _database(text: str) -> str:
    for plain, full in _DRIVERS.items():
        if text.startswith(plain):
            return full + text.removeprefix(plain)
    if not text.startswith(tuple(_DRIVERS.values())):
        trouble = "is neither a sqlite: nor a postgres: address"
        raise ValueError(trouble)
    return text


_DRIVERS = {
    "postgres://": "postgresql+asyncpg://",
    "postgresql://": "postgresql+asyncpg://",
    "sqlite://": "sqlite+aiosqlite://",
}
_WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """One process's settings, read from the environment and `.env`; they never change."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_file=".env",
        env_ignore_empty=True,  # as the lines of .env.example come
        hide_input_in_errors=True,
    )

    slack_bot_token: Annotated[SecretStr, _token("xoxb-")] = Field(
        description="The bot’s token. Slack app → OAuth & Permissions → Bot User OAuth Token."
    )
    slack_app_token: Annotated[SecretStr, _token("xapp-")] | None = Field(
        default=None,
        description="Switches Socket Mode on: no public address needed. Slack app → Basic "
        "Information → App-Level Tokens, with connections:write.",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        description="Needed for HTTP, that is without an app token. Slack app → Basic "
        "Information → Signing Secret.",
    )
    slack_api_url: Annotated[_WebAddress, AfterValidator(lambda url: f"{url}/")] = Field(
        default="https://slack.com/api/", description="Where Slack’s Web API is."
    )
    playcanvas_token: SecretStr = Field(
        min_length=1,
        description="An API token of the team’s account. PlayCanvas → Account → API Tokens.",
    )
    playcanvas_api_url: _WebAddress = Field(
        default="https://playcanvas.com/api", description="Where PlayCanvas’s REST API is."
    )
    applivery_token: SecretStr | None = Field(
        default=None,
        description="Switches install links on. Applivery → Settings → Service Accounts.",
    )
    applivery_organization: str | None = Field(
        default=None, description="The organization’s id or slug at Applivery."
    )
    applivery_api_url: _WebAddress = Field(
        default="https://api.applivery.io", description="Where Applivery’s API is."
    )
    applivery_download_url: _WebAddress = Field(
        default="https://download-api.applivery.io",
        description="Where Applivery’s downloads are; private tenants have their own.",
    )
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        default="sqlite+aiosqlite:///bot.db",
        repr=False,  # it may hold a password
        description="Where everything is kept. postgres://… for several machines.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=3000, ge=0, le=65535, description="The port to listen on.")
    public_url: _WebAddress | None = Field(
        default=None, description="The address at which Slack reaches this bot over HTTP."
    )
    broadcast: Literal["all", "failures", "none"] = Field(
        default="all", description="Which replies the channel sees as well: all, failures, none."
    )
    deadline_minutes: int = Field(
        default=60, ge=1, le=1440, description="How long a build is waited for before it expires."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="How log lines look: console, json."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least important lines that are logged."
    )

    @classmethod
    def load(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings, from `env` alone when it is given; raises SettingsError."""
        try:
            if env is None:
                return cls()
            given = {name.lower(): value for name, value in env.items() if value}
            values: dict[str, Any] = {name: given[name] for name in cls.model_fields & given.keys()}
            return _Given(**values)
        except ValidationError as error:
            raise SettingsError([_finding(trouble) for trouble in error.errors()]) from None

    def check_delivery(self) -> None:
        """Raise SettingsError when Slack has no way to reach the bot."""
        if self.slack_app_token is None and self.slack_signing_secret is None:
            either = ("slack_app_token", "slack_signing_secret")
            needed = [_line(name, "is missing") for name in either]
            raise SettingsError(["One of these two is needed:", *needed])

    @property
    def has_applivery(self) -> bool:
        """Say whether install links are switched on."""
        return self.applivery_token is not None and self.applivery_organization is not None

    def secrets(self) -> list[str]:
        """List every secret value, so that none of them is ever shown."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        password = urlsplit(self.database_url).password
        return [*found, password] if password else found


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
    return "" if value is PydanticUndefined or value is None else str(value)


def _finding(trouble: ErrorDetails) -> str:
    name = str(trouble["loc"][0])
    said = "is missing" if trouble["type"] == "missing" else _said(trouble["msg"])
    return _line(name, said)


def _line(name: str, said: str) -> str:
    return f"  {name.upper()} {said}. {Settings.model_fields[name].description}"


def _said(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return text if text.startswith(("is ", "does ")) else f"is wrong: {text}"
