"""The Applivery client: one shared session; send, decipher, and try again where that helps."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import perf_counter
from typing import TypeVar
from urllib.parse import quote

import aiohttp

from bot.applivery import protocol, transport
from bot.applivery.errors import AppliveryError, Unavailable
from bot.applivery.location import InstallLink, Location
from bot.applivery.models import (
    AppDetails,
    BuildDetails,
    BuildStatus,
    DownloadKind,
    DownloadToken,
    Platform,
)
from bot.applivery.patience import pause_after
from bot.applivery.protocol import Request
from bot.applivery.reading import is_secret
from bot.applivery.refusals import Answer

API_URL = "https://api.applivery.io"
DOWNLOAD_URL = "https://download-api.applivery.io"

Observe = Callable[[str, str, float], None]
"""Told of every request: its route, "ok" or the name of its error, and seconds."""

_T = TypeVar("_T")


def ignore(_route: str, _result: str, _seconds: float) -> None:
    """Observe nothing."""


class Applivery:
    """Applivery for one organization.

    Every method raises an AppliveryError by name, or ValueError for an id that cannot be one.
    How long one call may take in all is the caller's to bound (`asyncio.timeout`).
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str,
        organization: str,
        *,
        api_url: str = API_URL,
        download_url: str = DOWNLOAD_URL,
        timeout: timedelta = timedelta(seconds=10),
        observe: Observe = ignore,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        _check(session, token, organization)
        self._session = session
        self._token = token
        self._organization = organization
        self._api_url = api_url.rstrip("/")
        self._download_url = download_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds())
        self._observe = observe
        self._sleep = sleep

    async def mint(
        self, app: str, build: str, kind: DownloadKind = DownloadKind.AUTO
    ) -> DownloadToken:
        """Return a fresh download token: for one person and one click, never to be kept."""
        request = protocol.mint(self._organization, app, build, kind)
        return await self._patiently(lambda: self._ask(request, protocol.read_token))

    async def resolve(self, token: DownloadToken) -> Location:
        """Spend a token, in one try: whether a lost answer spent it cannot be known."""
        request = protocol.resolve(token)
        return await self._ask(request, protocol.read_location, token)

    async def link(
        self, app: str, build: str, kind: DownloadKind = DownloadKind.AUTO
    ) -> InstallLink:
        """Return one person's link: mint, resolve, and after a failure begin with a fresh token.

        BuildNotProcessed is raised at once: the caller says so, waits and asks again.
        """
        request = protocol.mint(self._organization, app, build, kind)

        async def both_steps() -> InstallLink:
            token = await self._ask(request, protocol.read_token)
            return InstallLink(await self.resolve(token), token.expires_at)

        return await self._patiently(both_steps)

    async def build(self, build_id: str) -> BuildDetails:
        """Return one build."""
        request = protocol.build(build_id)
        return await self._patiently(lambda: self._ask(request, protocol.read_build))

    async def builds(
        self,
        *,
        version_name: str | None = None,
        status: BuildStatus | None = None,
        platform: Platform | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> tuple[BuildDetails, ...]:
        """Return one page of builds, newest first."""
        request = protocol.builds(version_name, status, platform, page, limit)
        return await self._patiently(lambda: self._ask(request, protocol.read_builds))

    async def app(self, app_id: str) -> AppDetails:
        """Return one app and its newest builds."""
        request = protocol.app(self._organization, app_id)
        return await self._patiently(lambda: self._ask(request, protocol.read_app))

    async def _patiently(self, attempt: Callable[[], Awaitable[_T]]) -> _T:
        failures: list[AppliveryError] = []
        while True:
            try:
                return await attempt()
            except AppliveryError as error:
                failures.append(error)
                pause = pause_after(failures)
                if pause is None:
                    raise
            await self._sleep(pause.total_seconds())

    async def _ask(
        self,
        request: Request,
        read: Callable[[Answer], _T],
        spent: DownloadToken | None = None,
    ) -> _T:
        started = perf_counter()
        try:
            value = read(await self._send(request, spent))
        except AppliveryError as error:
            self._observe(request.route, type(error).__name__, perf_counter() - started)
            raise
        self._observe(request.route, "ok", perf_counter() - started)
        return value

    async def _send(self, request: Request, spent: DownloadToken | None) -> Answer:
        base = self._api_url if request.authorized else self._download_url
        bearer = {"Authorization": f"Bearer {self._token}"} if request.authorized else {}
        headers = {"Accept": "application/json", **bearer}
        try:
            got = await transport.get(self._session, base + request.path, headers, self._timeout)
        except transport.LostError as error:
            raise Unavailable(request.step, str(error)) from error
        secrets = [self._token, *([spent.value] if spent else [])]
        return Answer(*got, (*secrets, *(quote(secret, safe="") for secret in secrets)))


def _check(session: aiohttp.ClientSession, token: str, organization: str) -> None:
    if not is_secret(token):
        message = "the Applivery token is empty, or holds blanks or what is not ASCII"
        raise ValueError(message)
    if not protocol.is_organization(organization):
        message = "the Applivery organization is neither an id nor a slug"
        raise ValueError(message)
    if "Authorization" in session.headers:
        message = "the session sends an Authorization of its own, also to the download host"
        raise ValueError(message)
