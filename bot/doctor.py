"""The doctor: looks at everything the bot needs, and says what to do about each finding."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.errors import PlayCanvasError
from bot.playcanvas.limits import RateClass, RateLimit
from bot.settings import Settings
from bot.slack.manifest import SCOPES
from bot.store import schema
from bot.store.engine import Database


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do when it is not well."""

    subject: str
    well: bool
    said: str
    advice: str = ""

    def __str__(self) -> str:
        """Write the finding for a terminal."""
        mark = "ok  " if self.well else "BAD "
        advice = f"\n     -> {self.advice}" if self.advice else ""
        return f"{mark} {self.subject}: {self.said}{advice}"


class Unhurried:
    """The limiter of someone who asks once: no permit is refused."""

    async def permit(self, rate_class: RateClass) -> None:
        """Let the one request through."""

    async def learn(self, rate_class: RateClass, limit: RateLimit, *, refused: bool) -> None:
        """Forget what the answer said."""


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the database, Slack, PlayCanvas and Applivery, one after the other."""
    yield await _database(settings)
    async with aiohttp.ClientSession() as session:
        slack = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
            timeout=10,
            retry_handlers=[],
        )
        async for finding in _slack(settings, slack):
            yield finding
        yield await _playcanvas(settings, session)
    yield _applivery(settings)


async def _database(settings: Settings) -> Finding:
    database = Database(settings.database_url)
    try:
        at = await schema.current(database)
    except Exception as error:  # noqa: BLE001 - whatever the driver raises
        advice = "Check DATABASE_URL: the server's name, the path, who may write there."
        return Finding("Database", well=False, said=type(error).__name__, advice=advice)
    finally:
        await database.close()
    if at == schema.head():
        return Finding("Database", well=True, said=f"answers, at head ({at})")
    said = f"at revision {at}, this version needs {schema.head()}" if at else "is empty"
    if database.is_sqlite:
        return Finding("Database", well=True, said=f"{said}; `serve` migrates it at its start")
    advice = "Run: python -m bot migrate"
    return Finding("Database", well=False, said=said, advice=advice)


async def _slack(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    try:
        answer = await slack.auth_test()
    except SlackApiError as error:
        advice = "Copy the Bot User OAuth Token from OAuth & Permissions into SLACK_BOT_TOKEN."
        code = error.response.get("error")
        yield Finding("Slack bot token", well=False, said=f"refused: {code}", advice=advice)
        return
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        advice = "Check SLACK_API_URL and the network."
        said = f"no answer ({type(error).__name__})"
        yield Finding("Slack bot token", well=False, said=said, advice=advice)
        return
    said = f"is {answer.get('user')} in {answer.get('team')}"
    yield Finding("Slack bot token", well=True, said=said)
    yield _scopes(str(answer.headers.get("x-oauth-scopes", "")))
    yield await _delivery(settings, slack)


def _scopes(granted: str) -> Finding:
    has = {scope.strip() for scope in granted.split(",")}
    if missing := [scope for scope in SCOPES if scope not in has]:
        advice = "Add them (python -m bot manifest has them all) and reinstall the app."
        said = f"missing {', '.join(missing)}"
        return Finding("Slack scopes", well=False, said=said, advice=advice)
    return Finding("Slack scopes", well=True, said="all there")


async def _delivery(settings: Settings, slack: AsyncWebClient) -> Finding:
    if settings.slack_app_token is None:
        if settings.slack_signing_secret is None:
            advice = "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)."
            said = "no way to reach the bot"
            return Finding("Slack delivery", well=False, said=said, advice=advice)
        said = "signed HTTP at /slack/events; Slack shows there whether it gets through"
        return Finding("Slack delivery", well=True, said=said)
    token = settings.slack_app_token.get_secret_value()
    try:
        await slack.apps_connections_open(app_token=token)
    except SlackApiError as error:
        advice = "Create an app-level token with connections:write for SLACK_APP_TOKEN."
        said = f"Socket Mode refused: {error.response.get('error')}"
        return Finding("Slack delivery", well=False, said=said, advice=advice)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        said = f"no answer ({type(error).__name__})"
        return Finding("Slack delivery", well=False, said=said, advice="Check the network.")
    return Finding("Slack delivery", well=True, said="Socket Mode opens")


async def _playcanvas(settings: Settings, session: aiohttp.ClientSession) -> Finding:
    token = settings.playcanvas_token.get_secret_value()
    client = PlayCanvas(session, token, base_url=settings.playcanvas_api_url, limiter=Unhurried())
    try:
        limits = await client.limits()
    except PlayCanvasError as error:
        advice = "Check PLAYCANVAS_TOKEN (Account → API Tokens) and PLAYCANVAS_API_URL."
        return Finding("PlayCanvas", well=False, said=error.sentence, advice=advice)
    said = f"token works: {limits.normal} looks and {limits.strict} starts a minute"
    return Finding("PlayCanvas", well=True, said=said)


def _applivery(settings: Settings) -> Finding:
    if settings.applivery_token is None or settings.applivery_organization is None:
        said = "not set up; APPLIVERY_TOKEN and APPLIVERY_ORGANIZATION switch it on"
        return Finding("Applivery", well=True, said=said)
    return Finding("Applivery", well=True, said=f"for {settings.applivery_organization}")
