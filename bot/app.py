"""The composition root: the only place where the rooms meet, top to bottom on one page."""

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.applivery import Applivery
from bot.movers import Movers, owner
from bot.playcanvas.limits import RateClass
from bot.settings import Settings
from bot.slack.identity import Identity
from bot.slack.listeners.asked import Desk
from bot.slack.listeners.registry import create_bolt
from bot.slack.poster import Poster
from bot.slack.refusal import code_of
from bot.slack.socket import Socket
from bot.store.topics import ERRAND, HOME, LINK, NOTICE, SCHEDULE, WHISPER
from bot.store.trouble import said
from bot.telemetry import Metrics
from bot.web import Probes
from bot.workers import link_search
from bot.workers.channels import ChannelReader
from bot.workers.doubts import Doubts
from bot.workers.errands import ErrandRunner
from bot.workers.groups import GroupReader
from bot.workers.home import Publisher
from bot.workers.linker import Linker
from bot.workers.loop import Loop, utc_now
from bot.workers.notifier import Notifier
from bot.workers.scheduler import Scheduler
from bot.workers.whisperer import Whisperer

# One that waits for a slow answer must not hold the others up.
_ERRAND_RUNNERS = _SCHEDULERS = 2
_NOTIFIERS = _LINKERS = _WHISPERERS = 3


class App:
    """Every room, wired for one process."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.session = session
        self.movers = Movers(settings, session, self.metrics)
        self.bells, self.store = self.movers.bells, self.movers.store
        self.slack = self._slack_client(settings.slack_bot_token.get_secret_value())
        self.identity = Identity(self.slack)
        self.poster = Poster(self.slack, session, self.metrics.slack_called)
        self.takes_slack = False
        self.socket: Socket | None = None

    def bolt(self) -> AsyncApp:
        """Put the listeners on Bolt."""
        secret = self.settings.slack_signing_secret
        rights = self.settings.rights
        desk = Desk(self.store, utc_now, self.metrics.commanded, self.movers.patience, rights)
        value = secret.get_secret_value() if secret else None
        # Bolt is told the token by `Identity`, request by request.
        client = self._slack_client(None)
        links = self.settings.has_applivery
        return create_bolt(client, value, self.identity, desk, links=links)

    def loops(self) -> list[Loop]:
        """Hire the workers."""
        loops = self.movers.loops()
        loops += [self._notifier(n) for n in range(_NOTIFIERS)]
        if self.settings.has_applivery:
            loops += [self._linker(n) for n in range(_LINKERS)]
        loops += [self._errand_runner(n) for n in range(_ERRAND_RUNNERS)]
        loops += [self._scheduler(n) for n in range(_SCHEDULERS)]
        loops += [self._whisperer(n) for n in range(_WHISPERERS)]
        loops += [self._publisher(), self._channel_reader()]
        if self.settings.rights.groups:
            loops.append(self._group_reader())
        return loops

    async def troubles(self) -> list[str]:
        """List what keeps the bot from working."""
        found = []
        try:
            found += await self.store.health.troubles(utc_now())
        except Exception as error:  # noqa: BLE001 - whatever the driver raises
            found.append(said(error) or f"The database does not answer: {type(error).__name__}.")
        if self.takes_slack:
            found += await self._slack_troubles()
        return found

    async def _slack_troubles(self) -> list[str]:
        if self.socket is not None and not await self.socket.is_connected():
            return ["Slack is not connected: no open Socket Mode connection."]
        try:
            await self.identity.get()
        except SlackApiError as error:
            return [f"Slack refuses the bot token: {code_of(error)}."]
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

    def _notifier(self, number: int) -> Loop:
        name, resends = f"notifier-{number}", self.settings.in_doubt == "resend"
        doubted, outbox = self.metrics.doubted, self.store.outbox
        worker = Notifier(
            self.store,
            self.poster,
            owner(name),
            utc_now,
            broadcast=self.settings.broadcast,
            doubts=Doubts(outbox, self.poster, utc_now, doubted, resends=resends),
            lag=self.metrics.replied,
            given_up=self.metrics.gave_up,
        )
        return Loop(name, worker.step, self.bells.of(NOTICE))

    def _linker(self, number: int) -> Loop:
        name = f"linker-{number}"
        settings, token = self.settings, self.settings.applivery_token
        applivery = Applivery(
            self.session,
            token.get_secret_value() if token else "",
            settings.applivery_organization or "",
            api_url=settings.applivery_api_url,
            download_url=settings.applivery_download_url,
            timeout=link_search.CALL,
            observe=self.metrics.applivery_called,
        )
        worker = Linker(
            self.store,
            applivery,
            self.poster,
            owner(name),
            utc_now,
            workspace=settings.applivery_workspace,
        )
        return Loop(name, worker.step, self.bells.of(LINK))

    def _errand_runner(self, number: int) -> Loop:
        name, permits = f"errands-{number}", self.movers.permits(RateClass.NORMAL)
        playcanvas = self.movers.playcanvas(permits)
        worker = ErrandRunner(self.store, playcanvas, permits, self.poster, owner(name), utc_now)
        return Loop(name, worker.step, self.bells.of(ERRAND))

    def _whisperer(self, number: int) -> Loop:
        name = f"whisperer-{number}"
        worker = Whisperer(self.store, self.poster, owner(name), utc_now)
        return Loop(name, worker.step, self.bells.of(WHISPER))

    def _publisher(self) -> Loop:
        worker = Publisher(self.store, self.poster, owner("publisher"), utc_now)
        return Loop("publisher", worker.step, self.bells.of(HOME))

    def _channel_reader(self) -> Loop:
        worker = ChannelReader(self.store, self.poster)
        return Loop("channels", worker.step, self.bells.of("channels"))

    def _group_reader(self) -> Loop:
        worker = GroupReader(self.store, self.poster, self.settings.rights.groups)
        return Loop("groups", worker.step, self.bells.of("groups"))

    def _scheduler(self, number: int) -> Loop:
        name, permits = f"scheduler-{number}", self.movers.permits(RateClass.NORMAL)
        worker = Scheduler(
            self.store,
            self.movers.playcanvas(permits),
            permits,
            self.poster,
            owner(name),
            utc_now,
            patience=self.movers.patience,
            rights=self.settings.rights,
        )
        return Loop(name, worker.step, self.bells.of(SCHEDULE))
