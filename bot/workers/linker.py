"""The linker: mints an install link for one person and hands it to them, keeping nothing of it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.applivery import Applivery, DownloadKind
from bot.applivery.errors import AppliveryError, BuildNotProcessed
from bot.builds.pacing import back_off
from bot.slack.messages.install_link import no_answer, waiting
from bot.slack.poster import BusyError, Poster, PosterError, RefusedError, UnsureError
from bot.store import Store
from bot.store.links import Link, LinkState
from bot.workers.link_ending import Ending, failed, refused, served, unprocessed
from bot.workers.privately import say_once

log = structlog.get_logger(__name__)
_IDLE = timedelta(hours=1)
# Both steps with what the client tries again, then an answer and an apology: with the lease above
# their sum, a slow linker never answers beside the one who took over.
ASKING = timedelta(seconds=45)
SAYING = timedelta(seconds=15)
# Slack takes answers at a response URL for half an hour; one try has to fit in.
_ANSWERABLE = timedelta(minutes=27)
_FIRST_PAUSE = timedelta(seconds=5)


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

    async def _ask(self, link: Link) -> Ending | None:
        """Mint and resolve; None when the build needs more time and there is some left."""
        wanted = link.request
        try:
            async with asyncio.timeout(ASKING.total_seconds()):
                found = await self._applivery.link(
                    wanted.app, wanted.build, DownloadKind(wanted.kind)
                )
        except BuildNotProcessed:
            return None if self._clock() < link.deadline_at else unprocessed(wanted)
        except AppliveryError as error:
            log.warning("no link", error=type(error).__name__, said=error.sentence)
            return refused(wanted, error)
        except TimeoutError:
            return failed(wanted, "timeout", "Applivery took too long to answer.")
        return served(wanted, found)

    async def _wait(self, link: Link) -> None:
        now = self._clock()
        if not link.told:
            try:
                await say_once(self._poster, link.asker, waiting(link.request), within=SAYING)
            except PosterError as error:
                # Only a courtesy: the link, or why there is none, is said all the same.
                log.warning("not told to wait", detail=str(error))
        until = min(now + _FIRST_PAUSE * 2**link.attempts, link.deadline_at)
        await self._again(link, until, told_at=None if link.told else now)

    async def _tell(self, link: Link, ending: Ending) -> None:
        try:
            await say_once(self._poster, link.asker, ending.told, within=SAYING)
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
