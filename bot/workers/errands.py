"""The errand runner: asks PlayCanvas what one person wants to know, and answers them alone."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.builds.pacing import back_off
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.errors import NotFound, PlayCanvasError, RateLimited, Refused, Unavailable
from bot.slack.errors import BusyError, PosterError, RefusedError, UnsureError
from bot.slack.messages import projects
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.errands import OpenErrand
from bot.workers.permits import Permits
from bot.workers.permitted import claimed
from bot.workers.privately import say_once
from bot.workers.project_look import Answer, conclude, look

log = structlog.get_logger(__name__)
# Every page of a long list has a permit and a time-out of its own. All of them stay below the
# lease, and so do an answer and another way to give it, for which it is renewed: a slow runner
# never answers beside its successor.
ASKING = timedelta(seconds=40)
SAYING = timedelta(seconds=15)
# After so many tries without an answer the asker hears that it takes longer.
_TELLS_AFTER = 3


class ErrandRunner:
    """asked -> answered.

    It answers by itself, before it records that it did. So an answer that went out just before a
    crash is not known of, and is given again: an ephemeral message twice, which harms nobody.
    What the errand changes is the same when it is done twice.
    """

    def __init__(
        self,
        store: Store,
        playcanvas: PlayCanvas,
        permits: Permits,
        poster: Poster,
        owner: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._playcanvas = playcanvas
        self._permits = permits
        self._poster = poster
        self._owner = owner
        self._clock = clock

    async def step(self, now: datetime) -> datetime | None:
        """Run one errand; return when to come back, None for at once."""
        errands = self._store.errands
        asked = await claimed(self._permits, errands.next_due, errands.claim, self._owner, now)
        if isinstance(asked, datetime):
            return asked
        with structlog.contextvars.bound_contextvars(errand=asked.id):
            await self._run(asked)
        return None

    async def _run(self, asked: OpenErrand) -> None:
        found = await self._look(asked)
        # From here on the lease counts anew: whoever took over has the telling as well.
        if not await self._store.errands.renew(asked, self._clock()):
            log.warning("dropped: the errand was taken over")
        elif isinstance(found, Answer):
            await self._tell(asked, found)
        else:
            await self._no_answer(asked, found)

    async def _look(self, asked: OpenErrand) -> Answer | PlayCanvasError:
        try:
            return await self._ask(asked)
        except Refused as error:
            return _refused(asked, error)
        except PlayCanvasError as error:
            return error

    async def _ask(self, asked: OpenErrand) -> Answer:
        try:
            async with asyncio.timeout(ASKING.total_seconds()):
                seen = await look(self._playcanvas, asked.errand)
        except TimeoutError as error:
            late = f"not all answers within {ASKING.total_seconds():g} s"
            raise Unavailable(late) from error
        return await conclude(self._store, asked, seen, self._clock())

    async def _no_answer(self, asked: OpenErrand, error: PlayCanvasError) -> None:
        """Try again until the deadline, then say why nothing came of it."""
        now, pause = self._clock(), back_off(asked.attempts)
        log.warning("no answer", error=type(error).__name__, attempts=asked.attempts)
        if isinstance(error, RateLimited):
            # The budget holds every process back after a 429; no back-off on top.
            pause = timedelta()
            if error.retry_after is not None:
                await self._permits.cool(now + error.retry_after)
        if now + pause >= asked.deadline_at:
            told = projects.no_answer(asked.errand, error.sentence)
            await self._tell(asked, Answer(told, type(error).__name__))
            return
        if asked.attempts == _TELLS_AFTER:
            await self._tell_to_wait(asked, error.sentence)
        await self._again(asked, pause)

    async def _tell_to_wait(self, asked: OpenErrand, sentence: str) -> None:
        try:
            await say_once(self._poster, asked.asker, projects.waiting(sentence), within=SAYING)
        except PosterError as error:
            # Only a courtesy: the answer, or why there is none, is said all the same.
            log.warning("not told to wait", detail=str(error))

    async def _tell(self, asked: OpenErrand, answer: Answer) -> None:
        try:
            await say_once(self._poster, asked.asker, answer.told, within=SAYING)
        except BusyError as error:
            await self._retell(asked, error.pause)
        except UnsureError as error:
            log.warning("maybe answered", detail=str(error), attempts=asked.attempts)
            await self._retell(asked, back_off(asked.attempts))
        except RefusedError as error:
            await self._elsewhere(asked, answer, error)
        else:
            await self._over(asked, answer.ended)

    async def _retell(self, asked: OpenErrand, pause: timedelta) -> None:
        """Begin again: what was seen may have changed by then."""
        if self._clock() + pause < asked.deadline_at:
            await self._again(asked, pause)
        else:
            await self._over(asked, "unanswered")

    async def _elsewhere(self, asked: OpenErrand, answer: Answer, refusal: RefusedError) -> None:
        """Answer in the bot's own conversation when Slack takes no more where it was asked."""
        log.warning("answered elsewhere", code=refusal.code)
        try:
            async with asyncio.timeout(SAYING.total_seconds()):
                await self._poster.write_to(asked.asker.user_id, answer.told)
        except (PosterError, TimeoutError):
            await self._over(asked, "unanswered")
        else:
            await self._over(asked, answer.ended)

    async def _again(self, asked: OpenErrand, pause: timedelta) -> None:
        if not await self._store.errands.postpone(asked, self._clock() + pause):
            log.warning("dropped: the errand was taken over")

    async def _over(self, asked: OpenErrand, ended: str) -> None:
        if await self._store.errands.finish(asked, ended):
            log.info("errand over", ended=ended)
        else:
            log.warning("dropped: the errand was taken over", ended=ended)


def _refused(asked: OpenErrand, error: Refused) -> Answer:
    said = projects.not_found if isinstance(error, NotFound) else projects.no_answer
    return Answer(said(asked.errand, error.sentence), type(error).__name__)
