"""Permit, then claim: how everything that calls PlayCanvas is taken up."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.workers.permits import Permits

T = TypeVar("T")
_IDLE = timedelta(hours=1)


async def claimed(
    permits: Permits,
    next_due: Callable[[], Awaitable[datetime | None]],
    claim: Callable[[str, datetime], Awaitable[T | None]],
    owner: str,
    now: datetime,
) -> T | datetime:
    """Return what is due, claimed with a permit in hand, or when to come back.

    In this order a lease never ages while it waits for the rate limit.
    """
    if closed := permits.closed_until(now):
        return closed
    due = await next_due()
    if due is None or due > now:
        return due or now + _IDLE
    if opens_at := await permits.take(now):
        return opens_at
    # Where another loop was faster there is nothing left of it.
    return await claim(owner, now) or now
