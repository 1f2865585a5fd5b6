"""Progress: what is told of a build's age while it runs, when that changes, what is too long."""

from datetime import timedelta
from typing import Final

from bot.builds.usual import Usual

SHORTEST_STEP: Final = timedelta(seconds=5)
# Longer ones a clock that was put right would take for a mistake: see the store's clocks.
_STEPS: Final = tuple(timedelta(seconds=s) for s in (5, 10, 15, 20, 30, 60, 120))
_ONLY_LONGEST: Final = timedelta(minutes=12)
# Without history a build may take this, as well as anything else.
_MIDDLING: Final = timedelta(seconds=90)
_TIMES_AS_LONG: Final = 3
LEAST_TO_NUDGE: Final = timedelta(minutes=5)


def told(elapsed: timedelta, usual: Usual | None) -> timedelta:
    """Say the age that is shown: in steps of about a tenth of the usual, then of itself."""
    if elapsed >= _ONLY_LONGEST:
        return elapsed // _STEPS[-1] * _STEPS[-1]
    shown = timedelta()
    while (after := _next(shown, usual)) <= elapsed:
        shown = after
    return shown


def changes_in(elapsed: timedelta, usual: Usual | None) -> timedelta:
    """Say how long what is shown stays true; never less than the shortest step."""
    return max(_next(told(elapsed, usual), usual) - elapsed, SHORTEST_STEP)


def is_long(elapsed: timedelta, usual: Usual | None) -> bool:
    """Whether it takes so much longer than usual that someone should look; unknown is not long."""
    if usual is None:
        return False
    return elapsed >= max(usual.high * _TIMES_AS_LONG, LEAST_TO_NUDGE)


def _next(shown: timedelta, usual: Usual | None) -> timedelta:
    """Find the next round age: only whole steps are read at a glance."""
    middle = (usual.low + usual.high) / 2 if usual else _MIDDLING
    wanted = max(shown, middle) / 10
    step = next((each for each in _STEPS if each >= wanted), _STEPS[-1])
    return (shown // step + 1) * step
