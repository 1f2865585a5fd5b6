"""Builds to measure with: when each starts, how long it takes, and the best that can be done."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Log-normal durations: (share, median in seconds, sigma) of each hump.
Kind = tuple[tuple[float, float, float], ...]
MEDIANS = (20.0, 45.0, 90.0, 180.0, 420.0)
_STEP = 0.005


@dataclass(frozen=True, slots=True, order=True)
class Build:
    """It starts so many seconds after the beginning and takes so long; `kind` is its project's."""

    start: float
    takes: float
    kind: int


def kinds(sigma: float, *, times: Sequence[float] = (1,) * 5) -> tuple[Kind, ...]:
    """Five kinds of projects, one hump each; `times` stretches each of them."""
    return tuple(((1.0, m * t, sigma),) for m, t in zip(MEDIANS, times, strict=True))


def two_humps(sigma: float) -> tuple[Kind, ...]:
    """Five kinds of projects of which every other build takes four times as long."""
    return tuple(((0.5, m, sigma), (0.5, 4 * m, sigma)) for m in MEDIANS)


def taking(kind: Kind, dice: random.Random) -> float:
    """Draw a duration."""
    _, median, sigma = dice.choices(kind, [share for share, _, _ in kind])[0]
    return median * math.exp(dice.gauss(0, sigma))


def arrivals(kinds: Sequence[Kind], a_minute: float, minutes: float, seed: int) -> list[Build]:
    """Start builds of any kind at random moments."""
    dice, at, builds = random.Random(seed), 0.0, []  # noqa: S311 - figures, no secrets
    while (at := at + dice.expovariate(a_minute / 60)) < minutes * 60:
        kind = dice.randrange(len(kinds))
        builds.append(Build(at, taking(kinds[kind], dice), kind))
    return builds


def bound(kinds: Sequence[Kind]) -> float:
    """Say how much of evenly spaced looks' wait remains at best, for an even mix.

    (mean of ∫√(density · survival))² / mean duration; Azar et al., PNAS 115(32), 2018.
    """
    roots = [sum(math.sqrt(f * s) * dt for f, s, dt in _curve(kind)) for kind in kinds]
    means = [sum(s * dt for _, s, dt in _curve(kind)) for kind in kinds]
    return float((sum(roots) / len(kinds)) ** 2 / (sum(means) / len(kinds)))


def _curve(kind: Kind) -> Iterator[tuple[float, float, float]]:
    """Yield density, survival and the length of each small step of time."""
    for number in range(round(math.log(100_000) / _STEP)):
        at = math.exp(number * _STEP)
        density = survival = 0.0
        for share, median, sigma in kind:
            z = math.log(at / median) / sigma
            density += share * math.exp(-z * z / 2) / (at * sigma * math.sqrt(2 * math.pi))
            survival += share * math.erfc(z / math.sqrt(2)) / 2
        yield density, survival, at * _STEP
