"""Ids as Slack makes them: a letter for the kind, then capitals and digits."""

import secrets
import string
from datetime import datetime, timedelta

from bot.sandbox.slack.wire import Clock

ALPHABET = string.ascii_uppercase + string.digits


def new_id(letter: str, length: int = 10) -> str:
    """Make an id such as `V0123ABCDEF`."""
    return letter + "".join(secrets.choice(ALPHABET) for _ in range(length))


def short_id() -> str:
    """Make an id as Slack gives to blocks and elements that came without one."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(5))


class Stamps:
    """Message times of one workspace: seconds with six digits, never the same twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """Return the time now as a `ts` that sorts after every one before it."""
        microseconds = (self._clock() - EPOCH) // timedelta(microseconds=1)
        self._last = max(microseconds, self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
