"""Expected: how long a build will take, told by what the likes of it took."""

import math
from datetime import timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from bot.builds.drift import alarm, since_changes
from bot.builds.durations import Durations, Over, lasting, log_normal, mixed
from bot.builds.humps import shape

# Nothing is published about durations; typical ones take tens of seconds, large ones minutes.
_ANY_MEDIAN, _ANY_SPREAD = 90.0, 1.1
_ACCOUNT_SPREAD: Final = 0.35
_ENOUGH_OF_ACCOUNT: Final = 10
# A few samples may agree by chance, and of the best history the next build may be the first to
# show that it holds no longer.
_A_FEW, _LEAST_DOUBT, _MOST_DOUBT = 3.0, 0.03, 0.999
_UNLIKELY: Final = 0.02


class Took(NamedTuple):
    """What a build took; those of one series, the same project and scenes, can be compared.

    `series` is None of one whose scenes are not known.
    """

    series: str | None
    duration: timedelta


@lru_cache(maxsize=512)
def expected(own: tuple[timedelta, ...], account: tuple[Took, ...]) -> Durations:
    """Expect what the same builds took, else any of the account, else anything; newest first.

    The better they foretold each other, the more is made of them. That builds of other projects
    are not as foretold changes nothing of what is expected, only how far that is relied upon.
    """
    others = _others(account)
    if not own:
        return lasting(others, 1.0)
    learnt, doubt = _learnt(own)
    odds = doubt / (1 - doubt) * _alarm(account)
    return lasting(mixed([(doubt, others), (1 - doubt, learnt)]), odds / (1 + odds))


@lru_cache(maxsize=512)
def _learnt(own: tuple[timedelta, ...]) -> tuple[Over, float]:
    """Learn from builds of one kind, and say how far that is to be doubted."""
    parts, doubt = [], 0.0
    for likely, holding in since_changes([_log(each) for each in own]):
        doubt += likely / (1 + (len(holding) / _A_FEW) ** 2)
        if likely >= _UNLIKELY:
            parts.append((likely, shape(holding)))
    return mixed(parts), min(max(doubt, _LEAST_DOUBT), _MOST_DOUBT)


@lru_cache(maxsize=8)
def _alarm(account: tuple[Took, ...]) -> float:
    return alarm([(each.series, _log(each.duration)) for each in account])


@lru_cache(maxsize=8)
def _others(account: tuple[Took, ...]) -> Over:
    known = min(1.0, len(account) / _ENOUGH_OF_ACCOUNT) * 2 / 3
    likes = [log_normal(_log(each.duration), _ACCOUNT_SPREAD) for each in account]
    parts = [(known / len(account), like) for like in likes]
    return mixed([(1 - known, log_normal(math.log(_ANY_MEDIAN), _ANY_SPREAD)), *parts])


def _log(duration: timedelta) -> float:
    return math.log(max(1.0, duration.total_seconds()))
