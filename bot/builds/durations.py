"""Durations: how likely a build is to be over by when, on a grid of ages."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

# A grid with even steps on the scale on which durations vary: from a second to four hours.
_STEP: Final = 0.05
_LAST: Final = 191
EDGES: Final = tuple(math.exp(_STEP * n) for n in range(_LAST + 1))
_NEVER: Final = 1e-9
# The share that is over at each of `EDGES`.
Over = Sequence[float]


@dataclass(frozen=True)
class Durations:
    """A distribution of durations: the share that takes longer than each of `EDGES`.

    `doubt` says how likely that is to mislead: 1 without any builds of the same kind.
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


def lasting(over: Over, doubt: float) -> Durations:
    """Leave room for anything: of whatever is over by an edge, a little may still go on."""
    survival = (max(1 - share, _NEVER * (_LAST + 1 - n)) for n, share in enumerate(over))
    return Durations(tuple(survival), doubt)


def mixed(parts: Sequence[tuple[float, Over]]) -> Over:
    """Mix distributions, each with its weight."""
    total = sum(weight for weight, _ in parts)
    edges = range(_LAST + 1)
    return tuple(sum(weight * over[n] for weight, over in parts) / total for n in edges)


@lru_cache(maxsize=4096)
def log_normal(middle: float, width: float) -> Over:
    """Say which share is over at each edge, `middle` and `width` being logs; none at the first."""
    scale = width * math.sqrt(2)
    return (0.0, *(math.erfc((middle - _STEP * n) / scale) / 2 for n in range(1, _LAST + 1)))
