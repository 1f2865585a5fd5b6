"""When to look again: usual durations, back-off, deadlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles

# Nothing is published about durations; official clients wait ten minutes at the most.
SHORTEST_LOOK = timedelta(seconds=1)
LONGEST_LOOK = timedelta(seconds=15)
LONGEST_BACK_OFF = timedelta(minutes=1)
SAMPLES_TO_SPEAK = 5


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle half of the durations seen so far."""

    low: timedelta
    high: timedelta


def usual(durations: Sequence[timedelta]) -> Usual | None:
    """Say how long this kind of build takes, or None while there are under five samples."""
    if len(durations) < SAMPLES_TO_SPEAK:
        return None
    low, _, high = quantiles((each.total_seconds() for each in durations), n=4)
    return Usual(timedelta(seconds=low), timedelta(seconds=high))


def next_look(elapsed: timedelta) -> timedelta:
    """Wait a tenth of the age before the next look, so that a late answer is late in proportion."""
    return min(max(elapsed / 10, SHORTEST_LOOK), LONGEST_LOOK)


def back_off(attempts: int) -> timedelta:
    """Wait 2 s, 4 s, 8 s … up to a minute after so many questions without an answer."""
    wait: timedelta = timedelta(seconds=2) * 2 ** min(attempts, 10)
    return min(wait, LONGEST_BACK_OFF)
