"""What others do: evenly spaced looks within the budget, and a loop for each build."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from tests.benchmarks.builds import Build

_SHARE = 0.8
_WINDOW = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """How long each end went unseen, in seconds; looks sent, and those refused with a 429."""

    waits: tuple[float, ...]
    looks: int
    refused: int = 0

    @property
    def mean(self) -> float:
        """The mean wait."""
        return sum(self.waits) / len(self.waits)

    def percentile(self, percent: int) -> float:
        """The wait that so many percent do not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * percent / 100) - 1)]


def together(seen: Sequence[Seen]) -> Seen:
    """Take what several seeds saw as one."""
    waits = tuple(wait for each in seen for wait in each.waits)
    return Seen(waits, sum(each.looks for each in seen), sum(each.refused for each in seen))


def evenly(builds: Sequence[Build], limit: int) -> Seen:
    """Look at the running builds in turn, as often as the same share of the limit allows."""
    coming, running = deque(sorted(builds)), deque[Build]()
    at, waits, looks = 0.0, [], 0
    while coming or running:
        at += 60 / (limit * _SHARE)
        if not running:
            at = max(at, coming[0].start)
        while coming and coming[0].start <= at:
            running.append(coming.popleft())
        build, looks = running.popleft(), looks + 1
        if (late := at - build.start - build.takes) >= 0:
            waits.append(late)
        else:
            running.append(build)
    return Seen(tuple(waits), looks)


def loops(builds: Sequence[Build], every: float, limit: int) -> Seen:
    """Look at each build every second or two, whatever the limit; what is refused sees nothing."""
    due = [(build.start + every, build) for build in builds]
    heapify(due)
    waits, looks, refused = [], 0, 0
    window, used = -1, 0
    while due:
        at, build = heappop(due)
        if (current := int(at // _WINDOW)) != window:
            window, used = current, 0
        looks, used = looks + 1, used + 1
        refused += used > limit
        if used <= limit and at >= build.start + build.takes:
            waits.append(at - build.start - build.takes)
        else:
            heappush(due, (at + every, build))
    return Seen(tuple(waits), looks, refused)
