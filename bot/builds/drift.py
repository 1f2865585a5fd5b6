"""Drift: whether builds still take what they took; the signs are in those that ended last."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from bot.builds.humps import Logs, density

# How many of the last may have been the first after a change, and how often one is.
_ASKED, _CHANGES = 10, 0.015
# How densely durations lie after a change, or as outliers: evenly, on such a length of the scale.
_ANYWHERE, _OUTLIERS = 1 / math.log(20), 0.01
# A sign that is no stronger than this comes by chance.
_BY_CHANCE: Final = 1.0


def since_changes(logs: Logs) -> Iterator[tuple[float, Logs]]:
    """Yield the newest samples that may be all that still holds, with how likely that is.

    By Bayes' rule, of a change just before any of the last few, or of none (Adams and MacKay,
    "Bayesian Online Changepoint Detection", 2007); `logs` are the newest first.
    """
    asked = min(len(logs) - 1, _ASKED)
    foretold = [_foretold(logs[n], logs[n + 1 :]) for n in range(asked)]
    signs = [sum(foretold) + math.log((1 - _CHANGES) / _CHANGES)]
    for first in range(asked):
        after = sum(_foretold(logs[n], logs[n + 1 : first + 1]) for n in range(first))
        signs.append(sum(foretold[first + 1 :]) + math.log(_ANYWHERE) + after)
    odds = [math.exp(sign - max(signs)) for sign in signs]
    holding = [logs, *(logs[: first + 1] for first in range(asked))]
    return ((each / sum(odds), samples) for each, samples in zip(odds, holding, strict=True))


def alarm(newest_first: Sequence[tuple[str | None, float]]) -> float:
    """Say how many times likelier it is by now that nothing of an account takes what it took.

    Its last builds are asked how well earlier ones of the same name foretold them: what speaks
    for a change is added up, and never less than nothing (Page, "Continuous Inspection
    Schemes", Biometrika 41, 1954).
    """
    sign = 0.0
    for n in reversed(range(min(len(newest_first), _ASKED))):
        name, at = newest_first[n]
        before = [each for other, each in newest_first[n + 1 :] if other == name]
        if name and before:
            sign = max(0.0, sign + math.log(_ANYWHERE) - _foretold(at, before))
    return math.exp(max(0.0, sign - _BY_CHANCE))


def _foretold(at: float, before: Logs) -> float:
    """Say how well earlier ones foretold a duration, as a logarithm, outliers being possible."""
    return math.log((1 - _OUTLIERS) * density(at, before) + _OUTLIERS * _ANYWHERE)
