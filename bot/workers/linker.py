"""The linker: mints an install link for one person and hands it to them, keeping nothing of it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import structlog

from bot.applivery import Applivery, DownloadKind, InstallLink, Location, itms_url
from bot.applivery.errors import (
    AppliveryError,
    BuildNotProcessed,
    CredentialRefused,
    NotFound,
    PlanExcludes,
    QuotaUsedUp,
)
from bot.builds.link_request import FileKind, LinkRequest
from bot.builds.pacing import back_off
from bot.slack.messages.install_link import (
    LONGEST_URL,
    LeadsTo,
    Offer,
    install_link,
    no_answer,
    no_link,
    waiting,
)
from bot.slack.messages.message import Message
from bot.slack.poster import BusyError, Poster, PosterError, RefusedError, UnsureError
from bot.store import Store
from bot.store.links import Link, LinkState

log = structlog.get_logger(__name__)
_IDLE = timedelta(hours=1)
# Both steps with what the client tries again, then an answer and an apology: with the lease above
# their sum, a slow linker never answers beside the one who took over.
ASKING = timedelta(seconds=45)
SAYING = timedelta(seconds=15)
# Slack takes answers at a response URL for half an hour; one try has to fit in.
_ANSWERABLE = timedelta(minutes=27)
_FIRST_PAUSE = timedelta(seconds=5)
# Asking again gets the same answer until somebody changes something at Applivery.
_FINAL = (CredentialRefused, NotFound, QuotaUsedUp, PlanExcludes)


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a link ends, and the words that say so."""

    state: LinkState
    outcome: str
    told: Message


class Linker:
    """asked -> served | failed.

    It answers by itself instead of writing a notice for the notifier: a notice would put the link
    into the database, where token, Location and bearer never are. So an answer that went out just
    before a crash is not known of, and is given again: an ephemeral message with a fresh link
    beside the first one, which harms nobody.
    """

    def __init__(
        self,
        store: Store,
        applivery: Applivery,
        poster: Poster,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._links = store.links
        self._applivery = applivery
        self._poster = poster
        self._owner = owner
        self._clock = clock

    async def step(self, now: datetime) -> datetime | None:
        """Serve one link; return when to come back, None for at once."""
        due = await self._links.next_due()
        if due is None or due > now:
            return due or now + _IDLE
        link = await self._links.claim(self._owner, now)
        if link is None:
            return now  # another loop was faster
        with structlog.contextvars.bound_contextvars(link=link.id):
            await self._serve(link)
        return None

    async def _serve(self, link: Link) -> None:
        if self._clock() - link.asked_at >= _ANSWERABLE:
            await self._apologise(link)
            await self._over(link, LinkState.FAILED, "late")
            return
        ending = await self._ask(link)
        if ending is None:
            await self._wait(link)
        else:
            await self._tell(link, ending)

    async def _ask(self, link: Link) -> _Ending | None:
        """Mint and resolve; None when the build needs more time and there is some left."""
        wanted = link.request
        try:
            async with asyncio.timeout(ASKING.total_seconds()):
                found = await self._applivery.link(
                    wanted.app, wanted.build, DownloadKind(wanted.kind)
                )
        except BuildNotProcessed as error:
            if self._clock() < link.deadline_at:
                return None
            sentence = f"{error.sentence} I have stopped asking; try again in a few minutes."
            return _failed(wanted, type(error).__name__, sentence)
        except AppliveryError as error:
            log.warning("no link", error=type(error).__name__, said=error.sentence)
            final = isinstance(error, _FINAL)
            return _failed(wanted, type(error).__name__, error.sentence, try_again=not final)
        except TimeoutError:
            return _failed(wanted, "timeout", "Applivery took too long to answer.")
        return _served(wanted, found)

    async def _wait(self, link: Link) -> None:
        now = self._clock()
        if not link.told:
            try:
                await self._say(link, waiting(link.request))
            except PosterError as error:
                # Only a courtesy: the link, or why there is none, is said all the same.
                log.warning("not told to wait", detail=str(error))
        until = min(now + _FIRST_PAUSE * 2**link.attempts, link.deadline_at)
        await self._again(link, until, told_at=None if link.told else now)

    async def _tell(self, link: Link, ending: _Ending) -> None:
        try:
            await self._say(link, ending.told)
        except BusyError as error:
            await self._retell(link, error.pause)
        except UnsureError as error:
            log.warning("maybe answered", detail=str(error), attempts=link.attempts)
            await self._retell(link, back_off(link.attempts))
        except RefusedError as error:
            await self._apologise(link)
            await self._over(link, LinkState.FAILED, error.code)
        else:
            await self._over(link, ending.state, ending.outcome)

    async def _retell(self, link: Link, pause: timedelta) -> None:
        """Begin again with a fresh link: this one is forgotten, since it may be kept nowhere."""
        now = self._clock()
        if now < link.deadline_at:
            await self._again(link, now + pause, told_at=None)
        else:
            await self._over(link, LinkState.FAILED, "unanswered")

    async def _say(self, link: Link, told: Message) -> None:
        asker = link.asker
        try:
            async with asyncio.timeout(SAYING.total_seconds()):
                if asker.response_url is not None:
                    await self._poster.answer(asker.response_url, told)
                else:
                    await self._poster.write_to(asker.user_id, told)
        except TimeoutError as error:
            late = "no answer in time"
            raise UnsureError(late) from error

    async def _apologise(self, link: Link) -> None:
        """Tell them in the bot's own conversation, without a link: it stays there for good."""
        with suppress(PosterError, TimeoutError):
            async with asyncio.timeout(SAYING.total_seconds()):
                await self._poster.write_to(link.asker.user_id, no_answer(link.request))

    async def _again(self, link: Link, until: datetime, *, told_at: datetime | None) -> None:
        if not await self._links.postpone(link, until, told_at=told_at):
            log.warning("dropped: the link was taken over")

    async def _over(self, link: Link, state: LinkState, outcome: str) -> None:
        if await self._links.finish(link, state, outcome, self._clock()):
            log.info("link over", state=state, outcome=outcome)
        else:
            log.warning("dropped: the link was taken over", outcome=outcome)


def _served(wanted: LinkRequest, found: InstallLink) -> _Ending:
    target = _leads_to(wanted.kind, found.location)
    manifest = target is LeadsTo.MANIFEST
    url = itms_url(found.location) if manifest else found.location.url
    if len(url) > LONGEST_URL:
        return _failed(wanted, "too_long", "Applivery's link is longer than Slack can show.")
    told = install_link(wanted, Offer(target, url, found.expires_at))
    return _Ending(LinkState.SERVED, "delivered", told)


def _failed(wanted: LinkRequest, outcome: str, sentence: str, *, try_again: bool = True) -> _Ending:
    told = no_link(wanted, sentence, try_again=try_again)
    return _Ending(LinkState.FAILED, outcome, told)


def _leads_to(kind: FileKind, location: Location) -> LeadsTo:
    """Say what a link is good for: of `auto` only the Location tells which platform it is."""
    file = PurePosixPath(unquote(urlsplit(location.url).path).casefold())
    match kind:
        case FileKind.AUTO:
            return LeadsTo.MANIFEST if file.suffix == ".plist" else LeadsTo.APK
        case FileKind.AAB:
            return LeadsTo.AAB
        case FileKind.FILE:
            suffixes = {".apk": LeadsTo.APK, ".ipa": LeadsTo.IPA, ".pkg": LeadsTo.PKG}
            return suffixes.get(file.suffix, LeadsTo.FILE)
