"""The bucket behind one rate limit: a generic cell rate algorithm (GCRA) as a value.

With a share of four fifths, so much of the server's limit is spread over the minute and the fifth
that is left may go at once. So no minute, wherever it begins, holds more than the limit, and others
on the account find room. Of a smaller share a quarter may go at once, of a larger one what is left.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Bucket:
    """`limit` is the server's, in requests a minute; `tat` the theoretical arrival time.

    `cool_until`: the end of the last cool-down, which holds for permits in hand as well. `share`:
    of the limit, from 0.1 to 1.0, the bot's own to spend.
    """

    limit: int
    tat: datetime
    cool_until: datetime | None = None
    share: float = SHARE

    @property
    def interval(self) -> timedelta:
        """How far apart permits are once the burst is spent."""
        return WINDOW / (self.limit * self.share)

    @property
    def burst(self) -> int:
        """How many permits may go at once."""
        return max(1, int(self.limit * min(1 - self.share, self.share / 4) + 1e-9))

    @property
    def _tolerance(self) -> timedelta:
        return self.interval * (self.burst - 1)

    def spent(self, now: datetime) -> float:
        """Say which share of the burst is gone: from 0, when none of it is, to 1."""
        debt = max(self.tat - now, timedelta())
        return min(1.0, debt / (self.interval * self.burst))

    def opens_at(self, now: datetime, place: int = 1) -> datetime:
        """Say when the permit after `place - 1` others can be had, now at the earliest."""
        at = max(self.tat, now) - self._tolerance + self.interval * (place - 1)
        return max(at, now)

    def take(self, now: datetime) -> "Bucket | None":
        """Spend one permit, or None when there is none now."""
        if self.opens_at(now) > now:
            return None
        return replace(self, tat=max(self.tat, now) + self.interval)

    def honours(self, now: datetime) -> bool:
        """Say whether a permit that was spent earlier may be used now: not in a cool-down."""
        return self.cool_until is None or self.cool_until <= now

    def believable(self, now: datetime) -> "Bucket":
        """Owe no more than one can by `now`: later ones come from a clock since set back."""
        latest = now + WINDOW
        cool_until = min(self.cool_until, latest) if self.cool_until else None
        debt = min(self.tat, latest + self._tolerance + self.interval)
        return replace(self, tat=debt, cool_until=cool_until)

    def with_limit(self, limit: int) -> "Bucket":
        """Keep the debt, pay it at the server's own rate."""
        return replace(self, limit=limit)

    def leave(self, remaining: int, reset: datetime, now: datetime) -> "Bucket":
        """Hold no more permits than the server says remain; with none, wait for its reset."""
        if remaining <= 0:
            return self.cool(reset, now)
        fewest = now + self._tolerance - self.interval * (min(remaining, self.burst) - 1)
        return replace(self, tat=max(self.tat, fewest))

    def cool(self, until: datetime, now: datetime) -> "Bucket":
        """Give nothing before `until`, which counts for at most one window of the server's."""
        until = min(until, now + WINDOW)
        longest = max(self.cool_until, until) if self.cool_until else until
        return replace(self, tat=max(self.tat, until + self._tolerance), cool_until=longest)
