"""The house: the whole sandbox on one loopback port, for the demo and the tests."""

from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.applivery import AppliverySandbox
from bot.sandbox.faults import Faults
from bot.sandbox.playcanvas import PlayCanvasSandbox
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.browser import Browser
from bot.sandbox.slack.wire import Clock, utc_now

LOOPBACK = "127.0.0.1"
HINT = '/build 543988 "Level 3"'
DOWNLOAD_HINT = "/download fruit-android"


class Sandbox:
    """Slack at /slack, PlayCanvas at /playcanvas, Applivery at /applivery, and the page at /.

    Enter it to listen; port 0 takes any free one. Each part has faults of its own.
    """

    def __init__(self, port: int = 0, *, clock: Clock = utc_now, hint: str = HINT) -> None:
        self.port = port
        self.slack = SlackSandbox(Faults(), clock=clock)
        self.playcanvas = PlayCanvasSandbox(Faults(), clock=clock)
        self.applivery = AppliverySandbox(Faults(), clock=clock)
        self._runner = web.AppRunner(self._application(hint), shutdown_timeout=1)

    @property
    def url(self) -> str:
        """Say where the page is, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.slack.url = f"{self.url}/slack"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    def settings(self) -> dict[str, str]:
        """Return the settings that make a bot live in here."""
        return {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": f"{self.url}/slack/api/",
            "PLAYCANVAS_TOKEN": self.playcanvas.token,
            "PLAYCANVAS_API_URL": f"{self.url}/playcanvas/api",
            "APPLIVERY_TOKEN": self.applivery.token,
            "APPLIVERY_ORGANIZATION": self.applivery.organization,
            "APPLIVERY_API_URL": f"{self.url}/applivery/api",
            "APPLIVERY_DOWNLOAD_URL": f"{self.url}/applivery/download",
        }

    def _application(self, hint: str) -> web.Application:
        app = web.Application()
        app.add_subapp("/slack", self.slack.app)
        app.add_subapp("/playcanvas", self.playcanvas.app)
        app.add_subapp("/applivery", self.applivery.app)
        Browser(self.slack, hint).install(app)
        return app
