"""The composition root: the only place where the rooms meet, top to bottom on one page."""

import asyncio
import hashlib
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.builds.job import JobState
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.limits import RateClass
from bot.settings import Settings
from bot.slack.identity import Identity
from bot.slack.listeners.asked import Desk
from bot.slack.listeners.registry import create_bolt
from bot.slack.poster import Poster
from bot.slack.socket import REFUSED_TOKEN, Socket
from bot.store import Store, schema
from bot.store.topics import NOTICE
from bot.telemetry import Metrics
from bot.web import Probes, create_web, serve
from bot.workers.limits import LimitsReader
from bot.workers.loop import Bells, Loop, utc_now
from bot.workers.notifier import Notifier
from bot.workers.permits import Permits
from bot.workers.poller import Poller
from bot.workers.resolver import Resolver
from bot.workers.submitter import Submitter
from bot.workers.sweeper import Sweeper

log = structlog.get_logger(__name__)
# One that waits for a slow answer must not hold the others up.
_RESOLVERS = _SUBMITTERS = 2
_POLLERS = 4
_NOTIFIERS = 3
_BOT_TOKEN, _APP_TOKEN = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
_SHUTDOWN = timedelta(seconds=5)


class StartError(Exception):
    """The bot cannot start: what is wrong, and what to do about it."""


class SchemaError(StartError):
    """The database is not at head, and this process may not move it."""

    def __init__(self) -> None:
        super().__init__("The database is not at head. Run: python -m bot migrate")


class TokenError(StartError):
    """Slack refuses a token."""

    def __init__(self, setting: str, error: SlackApiError) -> None:
        code = error.response.get("error")
        super().__init__(f"Slack refuses {setting} ({code}). Run: python -m bot doctor")


class App:
    """Every room, wired for one process."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.bells = Bells()
        self.session = session
        token = settings.playcanvas_token.get_secret_value()
        account = hashlib.sha256(token.encode()).hexdigest()[:12]
        self.store = Store(settings.database_url, account, self.bells.ring)
        self.slack = self._slack_client(settings.slack_bot_token.get_secret_value())
        self.identity = Identity(self.slack)
        self.poster = Poster(self.slack, session, self.metrics.slack_called)
        self.patience = timedelta(minutes=settings.deadline_minutes)
        self.takes_slack = False
        self.socket: Socket | None = None

    def bolt(self) -> AsyncApp:
        """Put the listeners on Bolt."""
        secret = self.settings.slack_signing_secret
        desk = Desk(self.store, utc_now, self.metrics.commanded, self.patience)
        value = secret.get_secret_value() if secret else None
        # Bolt is told the token by `Identity`, request by request.
        return create_bolt(self._slack_client(None), value, self.identity, desk)

    def playcanvas(self, permits: Permits) -> PlayCanvas:
        """Give a worker a client that spends its own permits."""
        return PlayCanvas(
            self.session,
            self.settings.playcanvas_token.get_secret_value(),
            base_url=self.settings.playcanvas_api_url,
            limiter=permits,
            observe=self.metrics.playcanvas_called,
        )

    def permits(self, rate_class: RateClass) -> Permits:
        """Open the purse of one worker."""
        return Permits(self.store.budget, rate_class, utc_now, self.metrics.budget_waited)

    def loops(self) -> list[Loop]:
        """Hire the workers."""
        loops = [self._resolver(n) for n in range(_RESOLVERS)]
        loops += [self._submitter(n) for n in range(_SUBMITTERS)]
        loops += [self._poller(n) for n in range(_POLLERS)]
        loops += [self._notifier(n) for n in range(_NOTIFIERS)]
        return [*loops, self._sweeper(), self._limits_reader()]

    async def troubles(self) -> list[str]:
        """List what keeps the bot from working."""
        found = []
        try:
            if not await schema.is_at_head(self.store.database):
                found.append("The database is not at head: run `python -m bot migrate`.")
        except Exception as error:  # noqa: BLE001 - whatever the driver raises
            found.append(f"The database does not answer: {type(error).__name__}.")
        if self.takes_slack:
            found += await self._slack_troubles()
        return found

    async def _slack_troubles(self) -> list[str]:
        if self.socket is not None and not await self.socket.is_connected():
            return ["Slack is not connected: no open Socket Mode connection."]
        try:
            await self.identity.get()
        except SlackApiError as error:
            return [f"Slack refuses the bot token: {error.response.get('error')}."]
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return [f"Slack does not answer: {type(error).__name__}."]
        return []

    async def rendered_metrics(self) -> bytes:
        """Render the metrics, the store's counts read this moment."""
        count, oldest = await self.store.outbox.backlog()
        age = (utc_now() - oldest).total_seconds() if oldest else 0.0
        self.metrics.counted(await self.store.jobs.count(), count, max(0.0, age))
        return self.metrics.render()

    def probes(self) -> Probes:
        """Offer operators a look."""
        return Probes(
            self.troubles, self.rendered_metrics, Metrics.CONTENT_TYPE, self.metrics.acked
        )

    def _slack_client(self, token: str | None) -> AsyncWebClient:
        return AsyncWebClient(
            token=token,
            base_url=self.settings.slack_api_url,
            session=self.session,
            timeout=10,
            retry_handlers=[],  # its default sends chat.postMessage twice
        )

    def _resolver(self, number: int) -> Loop:
        name, permits = f"resolver-{number}", self.permits(RateClass.NORMAL)
        worker = Resolver(self.store, self.playcanvas(permits), permits, _owner(name), utc_now)
        return Loop(name, worker.step, self.bells.of(JobState.ACCEPTED))

    def _submitter(self, number: int) -> Loop:
        name, permits = f"submitter-{number}", self.permits(RateClass.STRICT)
        playcanvas = self.playcanvas(permits)
        worker = Submitter(
            self.store, playcanvas, permits, _owner(name), utc_now, patience=self.patience
        )
        return Loop(name, worker.step, self.bells.of(JobState.QUEUED))

    def _poller(self, number: int) -> Loop:
        name, permits = f"poller-{number}", self.permits(RateClass.NORMAL)
        worker = Poller(self.store, self.playcanvas(permits), permits, _owner(name), utc_now)
        return Loop(name, worker.step, self.bells.of(JobState.RUNNING))

    def _notifier(self, number: int) -> Loop:
        name = f"notifier-{number}"
        worker = Notifier(
            self.store,
            self.poster,
            _owner(name),
            utc_now,
            broadcast=self.settings.broadcast,
            in_doubt=self.metrics.doubted,
            lag=self.metrics.replied,
        )
        return Loop(name, worker.step, self.bells.of(NOTICE))

    def _sweeper(self) -> Loop:
        return Loop("sweeper", Sweeper(self.store).step, self.bells.of("sweep"))

    def _limits_reader(self) -> Loop:
        permits = self.permits(RateClass.NORMAL)
        worker = LimitsReader(self.store, self.playcanvas(permits), permits)
        return Loop("limits", worker.step, self.bells.of("limits"))


@asynccontextmanager
async def running(settings: Settings, *, takes_slack: bool, runs_loops: bool) -> AsyncIterator[App]:
    """Start the parts that this process is for, and stop them in order within ten seconds."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        app = App(settings, session)
        stack.push_async_callback(app.store.database.close)
        await _check_schema(app)
        if runs_loops:
            await stack.enter_async_context(_looping(app.loops()))
        if takes_slack:
            await _take_slack(app, stack)
        else:
            await _listen(app, None, stack)
        yield app


async def _check_schema(app: App) -> None:
    database = app.store.database
    if database.is_sqlite:
        await schema.migrate(database)
    elif not await schema.is_at_head(database):
        raise SchemaError


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
        if error.response.get("error") in REFUSED_TOKEN:
            raise TokenError(_BOT_TOKEN, error) from error
        log.warning("slack refused auth.test", code=error.response.get("error"))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("slack is away", error=type(error).__name__)


async def _listen(app: App, bolt: AsyncApp | None, stack: AsyncExitStack) -> None:
    web = create_web(bolt, app.probes())
    runner = await serve(web, app.settings.host, app.settings.port)
    stack.push_async_callback(runner.cleanup)
    log.info("listening", host=app.settings.host, port=app.settings.port)


@asynccontextmanager
async def _looping(loops: list[Loop]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(loop.run(), name=loop.name) for loop in loops]
    try:
        yield
    finally:
        for loop in loops:
            loop.stop()
        _, late = await asyncio.wait(tasks, timeout=_SHUTDOWN.total_seconds())
        # What a slow answer keeps from ending is healed by its lease.
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _owner(name: str) -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{name}:{secrets.token_hex(3)}"
