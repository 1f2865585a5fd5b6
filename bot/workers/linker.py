"""The linker: mints an install link for one person and hands it to them, keeping nothing of it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.applivery import Applivery
from bot.applivery.errors import AppliveryError
from bot.builds.build_facts import BuildFacts
from bot.builds.pacing import back_off
from bot.slack.errors import BusyError, PosterError, RefusedError, UnsureError
from bot.slack.messages.install_link import no_answer, waiting
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.link import Link, LinkState, Purpose
from bot.workers.link_ending import Ending, Pause, failed, reaction, served, undecided, wish_of
from bot.workers.link_search import (
    BESIDES,
    FINDING,
    Broken,
    Search,
    Undecided,
    find_build,
    find_link,
)
from bot.workers.privately import say_once

log = structlog.get_logger(__name__)
_IDLE = timedelta(hours=1)
# Both steps with what the client tries again, then an answer and an apology: with the lease above
# their sum, a slow linker never answers beside the one who took over.
ASKING = FINDING + 2 * BESIDES
SAYING = timedelta(seconds=10)
# Slack takes answers at a response URL for half an hour; one try has to fit in.
_ANSWERABLE = timedelta(minutes=27)


class Linker:
    """asked -> served | failed.

    It answers by itself instead of writing a notice for the notifier: a notice would put the link
    into the database, where token, Location and bearer never are. So an answer that went out just
    before a crash is not known of, and is given again: an ephemeral message with a fresh link
    beside the first one, which harms nobody. A message for everyone has no link in it, and goes
    the way of everything else.
    """

    def __init__(
        self,
        store: Store,
        applivery: Applivery,
        poster: Poster,
        owner: str,
        clock: Callable[[], datetime],
        *,
        workspace: str | None,
    ) -> None:
        self._store = store
        self._links = store.links
        self._applivery = applivery
        self._poster = poster
        self._owner = owner
        self._clock = clock
        self._workspace = workspace

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
        alias = await self._store.apps.name_of(link.request.app)
        link = replace(link, request=replace(link.request, alias=alias))
        if self._clock() - link.asked_at >= _ANSWERABLE:
            await self._apologise(link, late=True)
            await self._over(link, LinkState.FAILED, "late")
            return
        match await self._ask(link):
            case Pause() as pause:
                await self._wait(link, pause)
            case Ending() as ending:
                await self._tell(link, ending)
            case BuildFacts() as facts:
                await self._post(link, facts)

    async def _ask(self, link: Link) -> Ending | Pause | BuildFacts:
        try:
            found = await self._search(link)
        except AppliveryError as error:
            log.warning("no link", error=type(error).__name__, said=error.sentence)
            return reaction(link, error, self._clock())
        except TimeoutError:
            return failed(wish_of(link), "timeout", "Applivery took too long to answer.")
        match found:
            case BuildFacts():
                return found
            case Undecided():
                return undecided(wish_of(link), found)
            case Broken():
                sentence = "Applivery could not process this build: there is no file of it."
                return failed(wish_of(link), "broken", sentence, try_again=False)
        return served(link.request, found, self._workspace)

    async def _search(self, link: Link) -> Search:
        find = find_build if link.purpose is Purpose.POST else find_link
        return await find(self._applivery, link.request)

    async def _wait(self, link: Link, pause: Pause) -> None:
        told_at = None
        if not link.told:
            told_at = self._clock()
            shown = waiting(link.request, pause.sentence)
            try:
                await say_once(self._poster, link.asker, shown, within=SAYING)
            except PosterError as error:
                # Only a courtesy: the link, or why there is none, is said all the same.
                log.warning("not told to wait", detail=str(error))
        await self._again(link, pause.until, told_at=told_at)

    async def _post(self, link: Link, facts: BuildFacts) -> None:
        if await self._store.posts.add(link, facts, self._clock()):
            log.info("link over", state=LinkState.SERVED, outcome="posted")
        else:
            log.warning("dropped: the link was taken over", outcome="posted")

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
            await self._apologise(link)
            await self._over(link, LinkState.FAILED, "unanswered")

    async def _apologise(self, link: Link, *, late: bool = False) -> None:
        """Tell them in the bot's own conversation, without a link: it stays there for good."""
        with suppress(PosterError, TimeoutError):
            async with asyncio.timeout(SAYING.total_seconds()):
                told = no_answer(wish_of(link), link.asked_at, late=late)
                await self._poster.write_to(link.asker.user_id, told)

    async def _again(self, link: Link, until: datetime, *, told_at: datetime | None) -> None:
        if not await self._links.postpone(link, until, told_at=told_at):
            log.warning("dropped: the link was taken over")

    async def _over(self, link: Link, state: LinkState, outcome: str) -> None:
        if await self._links.finish(link, state, outcome, self._clock()):
            log.info("link over", state=state, outcome=outcome)
        else:
            log.warning("dropped: the link was taken over", outcome=outcome)
