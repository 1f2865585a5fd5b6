"""SlackSandbox: one workspace of a Slack that runs on loopback."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Faults
from bot.sandbox.slack import payloads
from bot.sandbox.slack.acting import Acting
from bot.sandbox.slack.books import Books, Delivered
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.delivery import COMMAND, EVENT, Parcel, Reply
from bot.sandbox.slack.http import SignedHttp
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.response_endpoint import ResponseUrls
from bot.sandbox.slack.signing import signed
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.wire import Clock, Json, utc_now
from bot.sandbox.slack.workspace import Workspace

MOST_BYTES = 4 * 1024 * 1024


class SlackSandbox(Acting):
    """A Slack with one workspace in which one app is installed.

    `app` serves the Web API at /api/{method}, Socket Mode at /socket and response_urls at
    /response/{id}; `url` must say where it is reached from outside. The parts that tests turn:
    `core.pace`, `core.courier.ack_within`, `core.courier.event_retries`, `core.triggers.lasts`,
    `core.hooks.lasts`, `core.sockets`, `core.credentials.ended_by`.
    """

    def __init__(
        self,
        faults: Faults | None = None,
        *,
        clock: Clock = utc_now,
        workspace: Workspace | None = None,
    ) -> None:
        self.faults = faults or Faults()
        self.core = Core(clock, workspace)
        self._http: list[SignedHttp] = []
        self.app = self._application()

    @property
    def url(self) -> str:
        """Say where this Slack is reached, such as http://127.0.0.1:8080/slack."""
        return self.core.url

    @url.setter
    def url(self, url: str) -> None:
        self.core.url = url.rstrip("/")

    @property
    def workspace(self) -> Workspace:
        """Return the team with its people, channels and messages."""
        return self.core.workspace

    @property
    def books(self) -> Books:
        """Return what passed between app and Slack."""
        return self.core.books

    @property
    def sockets(self) -> Sockets:
        """Return the Socket Mode connections."""
        return self.core.sockets

    @property
    def bot_token(self) -> str:
        """Return the token for the Web API."""
        return self.core.credentials.bot_token

    @property
    def app_token(self) -> str:
        """Return the token for Socket Mode."""
        return self.core.credentials.app_token

    @property
    def signing_secret(self) -> str:
        """Return the secret that requests to the app are signed with."""
        return self.core.credentials.signing_secret

    def install(self, manifest: Mapping[str, Any]) -> None:
        """Install the app anew, as its manifest says: name, commands, shortcuts, scopes, events."""
        self.core.installation = Installation.from_manifest(manifest)
        bot, given = self.workspace.bot, manifest.get("features", {}).get("bot_user", {})
        bot.real_name = given.get("display_name", bot.real_name)

    def deliver_to(self, url: str | None) -> None:
        """Deliver by signed HTTP to this URL from now on; None goes back to Socket Mode."""
        if url is None:
            self.core.courier.carrier = self.core.sockets
            return
        carrier = SignedHttp(url, self.signing_secret, self.core.clock)
        self._http.append(carrier)
        self.core.courier.carrier = carrier

    def signed(self, body: str, at: datetime | None = None) -> dict[str, str]:
        """Return the signature headers for a body, as of now or of another time."""
        return signed(self.signing_secret, body, at or self.core.clock())

    async def verify_url(self, challenge: str) -> Reply:
        """Ask the app to prove that the URL is its own, as Slack does when it is entered."""
        payload = {
            "type": "url_verification",
            "token": self.core.credentials.verification,
            "challenge": challenge,
        }
        return await self.core.courier.deliver(Parcel(EVENT, payload))

    async def check_ssl(self) -> Reply:
        """Probe the URL of a slash command, as Slack does now and then."""
        payload = {"ssl_check": "1", "token": self.core.credentials.verification}
        return await self.core.courier.deliver(Parcel(COMMAND, payload))

    async def redeliver(self, delivered: Delivered | None = None) -> Reply:
        """Deliver a payload once more, as it was: the last one when none is given."""
        again = delivered or self.books.deliveries[-1]
        retry = 1 if again.kind == EVENT else 0
        parcel = Parcel(again.kind, again.payload, retry=retry, retry_reason="http_timeout")
        return await self.core.courier.deliver(parcel)

    def event(self, inner: Json) -> Json:
        """Wrap any event of the Events API, for tests of what the bot does with it."""
        return payloads.event(self.core, inner)

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self.faults.middleware], client_max_size=MOST_BYTES)
        self.faults.install(app)
        api = WebApi(self.core)
        app.router.add_route("GET", "/api/{method}", api.serve)
        app.router.add_route("POST", "/api/{method}", api.serve)
        app.router.add_get("/socket", self.core.sockets.serve)
        app.router.add_post("/response/{hook}", ResponseUrls(self.core).serve)
        app.on_shutdown.append(self._shut_down)
        app.cleanup_ctx.append(self._connections)
        return app

    async def _shut_down(self, _: web.Application) -> None:
        await self.core.courier.close()
        await self.core.sockets.close()

    async def _connections(self, _: web.Application) -> AsyncIterator[None]:
        yield
        for carrier in self._http:
            await carrier.close()
