"""Slack's rate limits: a bucket per method, and one per channel for posting."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.slack.refusals import TooFast
from bot.sandbox.slack.wire import Clock

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in a period, of which `burst` may come at once."""

    calls: int
    per: timedelta = MINUTE
    burst: int | None = None


# https://docs.slack.dev/apis/web-api/rate-limits/ names these as the least that Slack grants.
TIER_2 = Rate(20)
TIER_3 = Rate(50)
TIER_4 = Rate(100)
METHODS = {
    "apps.connections.open": TIER_2,
    "chat.postMessage": Rate(600),
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "reactions.add": TIER_3,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
# "Apps may post no more than one message per second per channel", short bursts are let through.
POSTS = Rate(1, timedelta(seconds=1), burst=4)


@dataclass(slots=True)
class _Bucket:
    level: float
    at: datetime


@dataclass(slots=True)
class Pace:
    """What is allowed now; set `methods[…]` or `posts` to other rates, or None for no limit."""

    clock: Clock
    methods: dict[str, Rate | None] = field(default_factory=lambda: dict(METHODS))
    posts: Rate | None = POSTS
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)

    def lift(self) -> None:
        """Let everything through: for tests that are about something else."""
        self.methods.clear()
        self.posts = None

    def admit(self, method: str, channel: str = "") -> None:
        """Count a call in, or raise TooFast with whole seconds to wait."""
        buckets = [(("", method), self.methods.get(method))]
        if method == "chat.postMessage":
            buckets.append(((channel, method), self.posts))
        waits = [self._wait(key, rate) for key, rate in buckets if rate is not None]
        if any(waits):
            raise TooFast(max(1, math.ceil(max(waits))))
        for key, rate in buckets:
            if rate is not None:
                self._buckets[key].level -= 1

    def _wait(self, key: tuple[str, str], rate: Rate) -> float:
        """Fill the bucket up to now and say how long the next call has to wait."""
        size = rate.burst or rate.calls
        a_second = rate.calls / rate.per.total_seconds()
        now = self.clock()
        bucket = self._buckets.setdefault(key, _Bucket(size, now))
        gone = max(0.0, (now - bucket.at).total_seconds())
        bucket.level, bucket.at = min(size, bucket.level + gone * a_second), now
        return max(0.0, (1 - bucket.level) / a_second)
