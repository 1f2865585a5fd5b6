"""The usual: how long builds of one kind take, in words for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles

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
