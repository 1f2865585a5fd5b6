"""The life of one process: start what it is for, stop it in order within ten seconds."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.app import App
from bot.settings import Settings
from bot.slack.refusal import code_of
from bot.slack.socket import REFUSED_TOKEN, Socket
from bot.store import schema
from bot.store.alone import NotAloneError, alone
from bot.store.trouble import DatabaseTroubleError, told
from bot.web import create_web, serve
from bot.workers.loop import looping

log = structlog.get_logger(__name__)
_BOT_TOKEN, _APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
# The SDK's own time-out does not count with a session handed in; the leases outlast this one.
_TIMEOUT = aiohttp.ClientTimeout(total=10)


class StartError(Exception):
    """The bot cannot start: what is wrong, and what to do about it."""


class SchemaError(StartError):
    """The database is not at head, and this process may not move it."""

    def __init__(self) -> None:
        super().__init__("The database is not at head. Run: python -m bot migrate")


class TokenError(StartError):
    """Slack refuses a token."""

    def __init__(self, setting: str, error: SlackApiError) -> None:
        said = f"Slack refuses {setting} ({code_of(error)})."
        super().__init__(f"{said} Run: python -m bot doctor")


@asynccontextmanager
async def running(settings: Settings, *, takes_slack: bool, runs_loops: bool) -> AsyncIterator[App]:
    """Start the parts that this process is for, and stop them in order within ten seconds."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=_TIMEOUT))
        app = App(settings, session)
        stack.push_async_callback(app.store.database.close)
        await _check_schema(app, stack)
        if runs_loops:
            await stack.enter_async_context(looping(app.loops()))
        if takes_slack:
            await _take_slack(app, stack)
        else:
            await _listen(app, None, stack)
        yield app


async def _check_schema(app: App, stack: AsyncExitStack) -> None:
    database = app.store.database
    try:
        with told():
            stack.enter_context(alone(database))
            if database.is_sqlite:
                await schema.migrate(database)
            standing = await schema.standing(database)
    except (NotAloneError, DatabaseTroubleError) as error:
        raise StartError(str(error)) from error
    if not standing.fits:
        raise SchemaError
    if standing is schema.Standing.AHEAD:
        # Expand, then contract: a later version left what this one uses.
        log.warning("the database is newer than this version", head=schema.head())


async def _take_slack(app: App, stack: AsyncExitStack) -> None:
    app.takes_slack = True
    await _introduce(app)
    bolt = app.bolt()
    token = app.settings.slack_app_token
    if token is None:
        await _listen(app, bolt, stack)
        return
    await _listen(app, None, stack)
    app.socket = Socket(bolt, token.get_secret_value(), app.metrics.acked)
    stack.push_async_callback(app.socket.drain)
    try:
        await app.socket.open()
    except SlackApiError as error:
        raise TokenError(_APP_TOKEN, error) from error


async def _introduce(app: App) -> None:
    """Learn whose token it is; a Slack that is away now may be back for the first command."""
    try:
        await app.identity.get()
    except SlackApiError as error:
        if code_of(error) in REFUSED_TOKEN:
            raise TokenError(_BOT_TOKEN, error) from error
        log.warning("slack refused auth.test", code=code_of(error))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("slack is away", error=type(error).__name__)


async def _listen(app: App, bolt: AsyncApp | None, stack: AsyncExitStack) -> None:
    web = create_web(bolt, app.probes())
    runner = await serve(web, app.settings.host, app.settings.port)
    stack.push_async_callback(runner.cleanup)
    log.info("listening", host=app.settings.host, port=app.settings.port)
