"""Durations: how likely a build is to be over by when, told by what the likes of it took."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from statistics import stdev
from typing import Final

# A grid with even steps on the scale on which durations vary: from a second to four hours.
_STEP: Final = 0.05
_LAST: Final = 191
EDGES: Final = tuple(math.exp(_STEP * n) for n in range(_LAST + 1))

# Nothing is published about durations; typical ones take tens of seconds, large ones minutes.
_ANY_MEDIAN, _ANY_SPREAD = 90.0, 1.1
_ACCOUNT_SPREAD = 0.35
_ENOUGH_OF_ACCOUNT = 10
# Until a few samples tell more, builds of one kind differ as much as this.
_FIRST_SPREAD, _SAMPLES_OF_FIRST = 0.35, 2
_NARROWEST, _SMOOTHING = 0.04, 0.85
_FADES = 0.97
_FEWEST_BEFORE_CHANGE = 8
_NEVER = 1e-9
# Without a history a duration were as likely anywhere on this length of the scale.
_ANYWHERE = math.log(20)
# How many of the last are asked how well those before them foretold them, what one alone can
# prove, and how much of what was proven is forgotten with each.
_ASKED, _MOST_SURPRISE, _FORGOTTEN = 10, 50.0, 0.02


@dataclass(frozen=True)
class Durations:
    """A distribution of durations: the share that takes longer than each of `EDGES`.

    `doubt` is the share of it that is not learnt from builds of the same kind: 1 without any.
    """

    survival: tuple[float, ...]
    doubt: float = 1.0

    @cached_property
    def hazards(self) -> tuple[float, ...]:
        """How likely it is to end in the next second, having lasted so long; one per step."""
        steps = zip(self.survival, self.survival[1:], EDGES, EDGES[1:], strict=False)
        return tuple(math.log(now / then) / (end - start) for now, then, start, end in steps)

    @cached_property
    def mean(self) -> float:
        """The mean duration, in s."""
        steps = zip(self.survival, self.survival[1:], EDGES, EDGES[1:], strict=False)
        return 1 + sum((now + then) / 2 * (end - start) for now, then, start, end in steps)

    @cached_property
    def vagueness(self) -> float:
        """Integrate √(density × survival): what an evenly good watch costs, in √s.

        Mean wait × looks is half its square at best (Azar et al., PNAS 115(32), 2018).
        """
        steps = zip(self.hazards, self.survival, self.survival[1:], EDGES, EDGES[1:], strict=False)
        return sum(
            math.sqrt(hazard) * (now + then) / 2 * (end - start)
            for hazard, now, then, start, end in steps
        )

    def ahead(self, elapsed: float) -> Iterator[tuple[float, float]]:
        """Yield hazards with the seconds for which they hold, from an age on; the last for ever."""
        first = 0 if elapsed < 1 else min(_LAST - 1, int(math.log(elapsed) / _STEP))
        if elapsed < 1:
            yield self.hazards[0], 1 - elapsed
        for number in range(first, _LAST - 1):
            if (length := EDGES[number + 1] - max(elapsed, EDGES[number])) > 0:
                yield self.hazards[number], length
        yield self.hazards[-1], math.inf


@lru_cache(maxsize=512)
def expected(own: tuple[timedelta, ...], account: tuple[timedelta, ...]) -> Durations:
    """Expect what the same builds took, else any of the account, else anything; newest first.

    The better its own have foretold each other lately, the less a build is like the others.
    """
    tables, doubt = [(1.0, _others(account))], 1.0
    if own:
        learnt, doubt = _learnt(own)
        tables = [(doubt, _others(account)), (1 - doubt, learnt)]
    survival = tuple(max(1 - over, _NEVER * (_LAST + 1 - n)) for n, over in _mix(tables))
    return Durations(survival, doubt)


@lru_cache(maxsize=512)
def _learnt(own: tuple[timedelta, ...]) -> tuple[tuple[float, ...], float]:
    """Learn from builds of one kind, and say how far that is to be doubted."""
    logs = [_log(each) for each in _since_last_change(own)]
    weights = [_FADES**age for age in range(len(logs))]
    width, whole = _width(logs, sum(weights)), _one_hump(logs)
    around = [(weight, _table(at, width)) for weight, at in zip(weights, logs, strict=True)]
    tables = [(weight * (1 - whole), table) for weight, table in around]
    tables.append((whole * sum(weights), _fitted(logs, weights)))
    return tuple(over for _, over in _mix(tables)), _doubt(logs)


def _one_hump(logs: Sequence[float]) -> float:
    """Say how far all are of one hump: a far one, or an outlier, makes the whole spread wider."""
    if len(logs) < 3:  # noqa: PLR2004 - two have a spread, but no hump
        return 0.0
    return min(1.0, max(_NARROWEST, _spread(logs)) / max(_NARROWEST, stdev(logs))) ** 2


def _fitted(logs: Sequence[float], weights: Sequence[float]) -> tuple[float, ...]:
    """Fit one log-normal hump: it needs fewer samples than their every detail."""
    total = sum(weights)
    middle = sum(w * at for w, at in zip(weights, logs, strict=True)) / total
    squares = sum(w * (at - middle) ** 2 for w, at in zip(weights, logs, strict=True))
    variance = (squares + _FIRST_SPREAD**2 * _SAMPLES_OF_FIRST) / (total - 1 + _SAMPLES_OF_FIRST)
    return _table(middle, max(_NARROWEST, math.sqrt(variance * (1 + 1 / total))))


def _doubt(logs: Sequence[float]) -> float:
    """Weigh by Bayes' rule whether the last were foretold by those before them, or by nothing."""
    doubt = 0.5
    for newest in reversed(range(min(len(logs) - 1, _ASKED))):
        surprise = 1 / _ANYWHERE / _density(logs[newest], logs[newest + 1 :])
        odds = doubt / (1 - doubt) * min(surprise, _MOST_SURPRISE)
        doubt = odds / (1 + odds)
        doubt += (0.5 - doubt) * _FORGOTTEN
    # A few may agree by chance.
    return max(doubt, 1 / (1 + (len(logs) / 2) ** 2))


def _density(at: float, logs: Sequence[float]) -> float:
    """Say how densely durations were expected around one that came after them."""
    width = _width(logs, len(logs))
    total = sum(math.exp(-(((at - each) / width) ** 2) / 2) for each in logs)
    return max(_NEVER, total / len(logs) / width / math.sqrt(2 * math.pi))


@lru_cache(maxsize=8)
def _others(account: tuple[timedelta, ...]) -> tuple[float, ...]:
    known = min(1.0, len(account) / _ENOUGH_OF_ACCOUNT) * 2 / 3
    tables = [(1 - known, _table(math.log(_ANY_MEDIAN), _ANY_SPREAD))]
    tables += [(known / len(account), _table(_log(each), _ACCOUNT_SPREAD)) for each in account]
    return tuple(over for _, over in _mix(tables))


def _mix(tables: Sequence[tuple[float, Sequence[float]]]) -> Iterator[tuple[int, float]]:
    total = sum(weight for weight, _ in tables)
    for number in range(_LAST + 1):
        yield number, sum(weight * table[number] for weight, table in tables) / total


@lru_cache(maxsize=4096)
def _table(middle: float, width: float) -> tuple[float, ...]:
    """Say of a log-normal which share is over at each edge; none is at the first."""
    scale = width * math.sqrt(2)
    return (0.0, *(math.erfc((middle - _STEP * n) / scale) / 2 for n in range(1, _LAST + 1)))


def _width(logs: Sequence[float], weight: float) -> float:
    """Choose how far around a sample others are expected: the fewer there are, the further."""
    spread = _spread(logs)
    pooled = spread**2 * len(logs) + _FIRST_SPREAD**2 * _SAMPLES_OF_FIRST
    spread = math.sqrt(pooled / (len(logs) + _SAMPLES_OF_FIRST))
    return max(_NARROWEST, _SMOOTHING * spread * math.pow(weight, -0.2))


def _spread(logs: Sequence[float]) -> float:
    """Estimate the spread within a hump; one far away, or an outlier, widens nothing."""
    third = math.ceil(len(logs) / 3)
    if third < 2:  # noqa: PLR2004 - one alone is no distance
        return _FIRST_SPREAD
    ordered = sorted(logs)
    narrowest = min(high - low for low, high in zip(ordered, ordered[third - 1 :], strict=False))
    # Of a normal distribution the middle third is 0.86 standard deviations wide.
    return min(narrowest / 0.86 * third / (third - 1), stdev(logs))


def _since_last_change(newest_first: Sequence[timedelta]) -> Sequence[timedelta]:
    """Forget what was before two in a row were longer, or shorter, than all before them."""
    last = len(newest_first) - 2 - _FEWEST_BEFORE_CHANGE
    for number in range(last + 1):
        pair, before = newest_first[number : number + 2], newest_first[number + 2 :]
        if min(pair) > max(before) or max(pair) < min(before):
            return newest_first[: number + 2]
    return newest_first


def _log(duration: timedelta) -> float:
    return math.log(max(1.0, duration.total_seconds()))
