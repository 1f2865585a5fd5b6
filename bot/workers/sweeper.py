"""The sweeper: puts back what a dead process held, and forgets what need not be kept."""

from datetime import datetime, timedelta

import structlog

from bot.builds.transition import requeue
from bot.store import Store

log = structlog.get_logger(__name__)
_EVERY = timedelta(seconds=5)
_CLOCKS_EVERY = timedelta(minutes=1)
# Slack takes answers at a response URL for half an hour.
_RESPONSE_URLS_LIVE = timedelta(minutes=30)
_LANES_LIVE = timedelta(hours=1)
# Slack brings an event again within minutes.
_DELIVERIES_LIVE = _HOMES_LIVE = timedelta(days=1)


class Sweeper:
    """submitting -> queued, when the lease of the one who asked ran out."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._set_right_at: datetime | None = None

    async def step(self, now: datetime) -> datetime:
        """Sweep once."""
        await self._set_clocks_right(now)
        for job in await self._store.jobs.abandoned(now):
            back = await self._store.jobs.record(job, requeue(job, now, None), now)
            log.info("put back in line", job=job.id, taken_over=back is None)
        await self._store.jobs.forget_response_urls(now - _RESPONSE_URLS_LIVE)
        await self._store.posts.forget_response_urls(now - _RESPONSE_URLS_LIVE)
        await self._store.outbox.prune_lanes(now - _LANES_LIVE)
        await self._store.deliveries.forget(now - _DELIVERIES_LIVE)
        await self._store.homes.forget(now - _HOMES_LIVE)
        return now + _EVERY

    async def _set_clocks_right(self, now: datetime) -> None:
        """Look at the start, when the clock was set back, and for other machines' clocks."""
        last = self._set_right_at
        if last is None or not last <= now < last + _CLOCKS_EVERY:
            await self._store.clocks.set_right(now)
            self._set_right_at = now
