"""Doubts: a post whose answer was lost is looked for before anything is posted again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.slack.errors import RefusedError
from bot.slack.poster import Place, Poster
from bot.store.notice import Notice
from bot.store.outbox import Outbox
from bot.workers.places import CARD_GONE, outside

log = structlog.get_logger(__name__)
MAY_YET_COME = timedelta(seconds=35)
"""With the time-out before it as long as a lease: how long a call that got no answer may land.

A slow post would come after its look-up, a slow edit on top of a newer one.
"""


class Doubts:
    """Looks a notice up by its key; without leave to look it goes on as the setting has it."""

    def __init__(
        self,
        outbox: Outbox,
        poster: Poster,
        clock: Callable[[], datetime],
        doubted: Callable[[str], None],
        *,
        resends: bool,
    ) -> None:
        self._outbox = outbox
        self._poster = poster
        self._clock = clock
        self._doubted = doubted
        self._resends = resends

    async def settle(self, notice: Notice, place: Place, since: datetime) -> bool:
        """Record what became of an earlier attempt; True when it stands in Slack."""
        try:
            ts = await self._find(notice, place, since)
        except RefusedError as error:
            await self._no_look_up(notice, error)
            return False
        self._doubted("found" if ts else "missing")
        if ts is None:
            await self._outbox.missing(notice)
        else:
            await self._outbox.found(notice, ts, self._clock())
        return ts is not None

    async def _find(self, notice: Notice, place: Place, since: datetime) -> str | None:
        try:
            return await self._poster.find(place, notice.key, since)
        except RefusedError as error:
            if error.code not in CARD_GONE or place.thread_ts is None:
                raise
        # The thread is gone, so it can only have gone beside it.
        return await self._poster.find(outside(place), notice.key, since)

    async def _no_look_up(self, notice: Notice, error: RefusedError) -> None:
        """Go on without knowing: rather twice than never, or never."""
        log.warning("no look-up", code=error.code, resends=self._resends)
        if self._resends:
            self._doubted("unknown")
            await self._outbox.missing(notice)
        else:
            self._doubted("left")
            await self._outbox.leave(notice, self._clock())
