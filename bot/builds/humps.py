"""Humps: what a few durations tell of the next one; all of it on the scale of logarithms."""

import math
from collections.abc import Sequence
from statistics import stdev
from typing import Final

from bot.builds.durations import Over, log_normal, mixed

Logs = Sequence[float]
# Until a few samples tell more, builds of one kind differ as much as this.
_FIRST_SPREAD, _SAMPLES_OF_FIRST = 0.35, 2
_NARROWEST, _SMOOTHING = 0.04, 0.85
_FADES: Final = 0.97
_ROOT: Final = math.sqrt(2 * math.pi)


def shape(logs: Logs) -> Over:
    """Expect what was seen, newest first: as one hump as far as it is one, else as each sample."""
    weights = [_FADES**age for age in range(len(logs))]
    total, whole = sum(weights), _one_hump(logs)
    width = _width(logs, total)
    parts = [(w * (1 - whole), log_normal(at, width)) for w, at in zip(weights, logs, strict=True)]
    return mixed([*parts, (whole * total, log_normal(*_hump(logs, weights)))])


def density(at: float, logs: Logs) -> float:
    """Say how densely durations were expected around one that came after them."""
    width, whole = _width(logs, len(logs)), _one_hump(logs)
    alone = sum(_normal(at, each, width) for each in logs) / len(logs)
    return whole * _normal(at, *_hump(logs, [1.0] * len(logs))) + (1 - whole) * alone


def _normal(at: float, middle: float, width: float) -> float:
    return math.exp(-(((at - middle) / width) ** 2) / 2) / (width * _ROOT)


def _one_hump(logs: Logs) -> float:
    """Say how far all are of one hump: a far one, or an outlier, makes the whole spread wider."""
    if len(logs) < 3:  # noqa: PLR2004 - two have a spread, but no hump
        return 0.0
    return min(1.0, max(_NARROWEST, _spread(logs)) / max(_NARROWEST, stdev(logs))) ** 2


def _hump(logs: Logs, weights: Sequence[float]) -> tuple[float, float]:
    """Fit one log-normal hump, its middle and width: it needs fewer samples than every detail."""
    total = sum(weights)
    middle = sum(w * at for w, at in zip(weights, logs, strict=True)) / total
    squares = sum(w * (at - middle) ** 2 for w, at in zip(weights, logs, strict=True))
    variance = (squares + _FIRST_SPREAD**2 * _SAMPLES_OF_FIRST) / (total - 1 + _SAMPLES_OF_FIRST)
    return middle, max(_NARROWEST, math.sqrt(variance * (1 + 1 / total)))


def _width(logs: Logs, weight: float) -> float:
    """Choose how far around a sample others are expected: the fewer there are, the further."""
    pooled = _spread(logs) ** 2 * len(logs) + _FIRST_SPREAD**2 * _SAMPLES_OF_FIRST
    spread = math.sqrt(pooled / (len(logs) + _SAMPLES_OF_FIRST))
    return max(_NARROWEST, _SMOOTHING * spread * math.pow(weight, -0.2))


def _spread(logs: Logs) -> float:
    """Estimate the spread within a hump; one far away, or an outlier, widens nothing."""
    third = math.ceil(len(logs) / 3)
    if third < 2:  # noqa: PLR2004 - one alone is no distance
        return _FIRST_SPREAD
    ordered = sorted(logs)
    narrowest = min(high - low for low, high in zip(ordered, ordered[third - 1 :], strict=False))
    # Of a normal distribution the middle third is 0.86 standard deviations wide.
    return min(narrowest / 0.86 * third / (third - 1), stdev(logs))
