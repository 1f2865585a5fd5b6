"""When to try again at Applivery, and after which pause: decided from what has failed so far."""

from collections.abc import Sequence
from datetime import timedelta

from bot.applivery.errors import AppliveryError, RateLimited, TokenSpent, Unavailable

AFTER_RATE_LIMITED = (timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8))
AFTER_UNAVAILABLE = (timedelta(seconds=1), timedelta(seconds=2))
AFTER_TOKEN_SPENT = (timedelta(),)
LONGEST_PAUSE = timedelta(seconds=8)
"""What holds up nobody: a server that wants longer is left to the caller, who can do other work."""


def pause_after(failures: Sequence[AppliveryError]) -> timedelta | None:
    """Return how long to wait after the last of the failures; None means to give up.

    Each reaction has tries of its own, so that no order of failures makes them endless.
    """
    last = failures[-1]
    pauses = _pauses(last)
    failed = sum(type(failure) is type(last) for failure in failures)
    if failed > len(pauses):
        return None
    pause = pauses[failed - 1]
    if isinstance(last, RateLimited) and last.retry_after is not None:
        pause = last.retry_after
    return pause if pause <= LONGEST_PAUSE else None


def _pauses(failure: AppliveryError) -> Sequence[timedelta]:
    match failure:
        case TokenSpent():
            return AFTER_TOKEN_SPENT
        case RateLimited():
            return AFTER_RATE_LIMITED
        case Unavailable():
            return AFTER_UNAVAILABLE
    return ()
