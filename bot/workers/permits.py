"""Permits for one worker: taken before its claim, spent by its calls, from the shared budget."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.builds.bucket import WINDOW
from bot.playcanvas.limits import RateClass, RateLimit
from bot.store.budget import Budget, Seen

# A 429 that does not say until when: a sixth of PlayCanvas's window.
_UNSAID_PAUSE = timedelta(seconds=10)


class Permits:
    """The limiter that a worker hands to its client; a permit nobody used stays in hand."""

    def __init__(
        self,
        budget: Budget,
        rate_class: RateClass,
        clock: Callable[[], datetime],
        waited: Callable[[str, float], None],
    ) -> None:
        self._budget = budget
        self._rate_class = rate_class
        self._clock = clock
        self._waited = waited
        self._in_hand = False
        self._waiting_since: datetime | None = None
        self._opens_at: datetime | None = None

    def closed_until(self, now: datetime) -> datetime | None:
        """Say until when nothing is gained by asking for a permit; None when one may be had."""
        if self._in_hand or self._opens_at is None:
            return None
        # One that opens later than any can was said by a clock that was set back since.
        return self._opens_at if now < self._opens_at <= now + 2 * WINDOW else None

    async def take(self, now: datetime) -> datetime | None:
        """Have a permit in hand and return None, or say when to come back for one."""
        # A cool-down that began since holds for a permit in hand as well.
        if self._in_hand and await self._budget.honours(self._rate_class, now):
            return None
        self._in_hand = False
        opens_at = self._opens_at = await self._budget.take(self._rate_class, now)
        if opens_at is not None:
            self._waiting_since = self._waiting_since or now
            return opens_at
        self._in_hand = True
        since, self._waiting_since = self._waiting_since or now, None
        self._waited(self._rate_class, (now - since).total_seconds())
        return None

    async def permit(self, rate_class: RateClass) -> None:
        """Spend the permit in hand, or wait for one: the next page of a list needs its own."""
        if self._in_hand and rate_class is self._rate_class:
            self._in_hand = False
            return
        now = self._clock()
        while opens_at := await self._budget.take(rate_class, now):
            # Only the budget knows when the next permit can be had; no event tells of it.
            await asyncio.sleep(max(0.0, (opens_at - now).total_seconds()))
            now = self._clock()

    async def cool(self, until: datetime) -> None:
        """Give nobody a permit before `until`."""
        await self._budget.cool(self._rate_class, until, self._clock())

    async def learn(self, rate_class: RateClass, limit: RateLimit, *, refused: bool) -> None:
        """Tell the budget what an answer said, a 429 above all."""
        now = self._clock()
        if refused:
            # A reset that is over by our clock, or no epoch at all, says nothing.
            said = limit.reset
            until = said if said is not None and said > now else now + _UNSAID_PAUSE
            await self._budget.cool(rate_class, until, now)
        seen = Seen(limit.limit, limit.remaining, limit.reset)
        await self._budget.learn(rate_class, seen, now)
