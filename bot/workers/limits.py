"""The limits reader: asks PlayCanvas what this account may do, at the start and every hour."""

from datetime import datetime, timedelta

import structlog

from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.errors import PlayCanvasError
from bot.playcanvas.limits import RateClass
from bot.store import Store
from bot.store.budget import Seen
from bot.workers.permits import Permits

log = structlog.get_logger(__name__)
_EVERY = timedelta(hours=1)
_AGAIN = timedelta(minutes=1)


class LimitsReader:
    """Keeps the budget's rates those of the account."""

    def __init__(self, store: Store, playcanvas: PlayCanvas, permits: Permits) -> None:
        self._store = store
        self._playcanvas = playcanvas
        self._permits = permits
        self._due_at: datetime | None = None

    async def step(self, now: datetime) -> datetime:
        """Read the limits when they are due; the answers' headers say them too."""
        if self._due_at and now < self._due_at:
            return self._due_at
        if opens_at := await self._permits.take(now):
            return opens_at
        try:
            limits = await self._playcanvas.limits()
        except PlayCanvasError as error:
            log.warning("limits unknown", error=type(error).__name__)
            self._due_at = now + _AGAIN
            return self._due_at
        await self._store.budget.learn(RateClass.NORMAL, Seen(limits.normal), now)
        await self._store.budget.learn(RateClass.STRICT, Seen(limits.strict), now)
        log.info("limits", normal=limits.normal, strict=limits.strict)
        self._due_at = now + _EVERY
        return self._due_at
