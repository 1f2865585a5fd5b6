"""When to look again: each look where it shortens the expected wait most; back-off."""

import math
from dataclasses import dataclass
from datetime import timedelta

from bot.builds.durations import Durations

SHORTEST_LOOK = timedelta(seconds=0.25)
LONGEST_LOOK = timedelta(seconds=30)
LONGEST_BACK_OFF = timedelta(minutes=1)
# With budget to spare a build is found finished about so many seconds after its end, on average,
# if builds take such a time; the others later or sooner by the root, which costs the fewest looks.
_SOON_ENOUGH, _MIDDLING = 0.47, 100.0
# The less is known of it, the sooner: not to know costs looks then, not time, up to so many more.
_MOST_MORE = 4.0
# One of which nothing is known is then seen as often as this: its end can be at any time.
_BLINDLY = timedelta(seconds=0.55)
# Even the best history is doubted as much as this while there is budget to spare.
_NEVER_SURE = 0.07
# Under load no job waits for a look longer than so many even turns of all of them.
_MOST_TURNS = 3.0
# Half of the burst is kept for surprises: a look is cheaper with more of it left, else dearer.
_BACKLOG_WEIGHS = 0.3
_MOST_ODDS = 50.0


@dataclass(frozen=True, slots=True)
class Load:
    """What the running jobs ask of the budget: it alone decides what a look costs.

    `eagerness` is that of all running jobs together, `rate` in permits a second, `spent` the
    share of the burst that is gone.
    """

    running: int
    eagerness: float
    rate: float
    spent: float

    @property
    def price(self) -> float:
        """How far apart looks are for an eagerness of one, so that all find room; in s."""
        return self.eagerness / self.rate * self._backlog

    def longest(self, doubt: float) -> timedelta:
        """How long a job goes unseen at most: half a minute unless there are too many.

        One whose history is in doubt goes unseen no longer than two even turns of all of them,
        or more if the doubt is small, and less while there is budget to spare.
        """
        turn = timedelta(seconds=self.running / self.rate)
        evenly = max(_BLINDLY, turn * 2 * math.sqrt(self.spent)) / max(doubt, _NEVER_SURE)
        return min(max(LONGEST_LOOK, turn * _MOST_TURNS), evenly)

    @property
    def _backlog(self) -> float:
        return math.pow(2 * self.spent, _BACKLOG_WEIGHS)


@dataclass(frozen=True, slots=True)
class Look:
    """The next look: how long until then, and the job's part in what the budget is asked for."""

    wait: timedelta
    eagerness: float


def next_look(durations: Durations, elapsed: timedelta, load: Load) -> Look:
    """Look when the wait that a look may save is worth its price.

    That makes gaps inverse to the root of the hazard, which is the best there is.
    """
    price = max(load.price, 2 * _soon_enough(durations) / durations.vagueness)
    longest = load.longest(durations.doubt).total_seconds()
    seconds = _worth_after(durations, elapsed.total_seconds(), price**2 / 2, longest)
    wait = max(timedelta(seconds=seconds), SHORTEST_LOOK)
    return Look(wait, price / wait.total_seconds())


def _soon_enough(durations: Durations) -> float:
    """Choose the mean wait to pay for, in s."""
    known = max(1 / _MOST_MORE, (1 - durations.doubt) ** 2)
    return _SOON_ENOUGH * math.sqrt(durations.mean / _MIDDLING) * known


def _worth_after(durations: Durations, elapsed: float, worth: float, longest: float) -> float:
    """Add up the odds that it is over, second by second, until a look is worth it."""
    gone, doubt = 0.0, 1.0
    for hazard, length in durations.ahead(max(elapsed, 0.0)):
        piece = min(length, longest - gone)
        odds = _odds(hazard, piece, doubt)
        if odds >= worth:
            return gone + _reach(hazard, piece, doubt, worth)
        worth -= odds
        gone += piece
        doubt = math.exp(min(math.log(doubt) + hazard * piece, _MOST_ODDS))
        if gone >= longest:
            break
    return longest


def _odds(hazard: float, length: float, doubt: float) -> float:
    """Integrate the odds `doubt · e^(hazard·x) - 1` over a length of one hazard."""
    grown = hazard * length
    if grown < 1e-9:  # noqa: PLR2004 - as good as none
        return (doubt - 1) * length
    return doubt * math.expm1(min(grown, _MOST_ODDS)) / hazard - length


def _reach(hazard: float, length: float, doubt: float, worth: float) -> float:
    """Find by halving where the integral of the odds is worth a look."""
    low, high = 0.0, length
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if _odds(hazard, middle, doubt) >= worth else (middle, high)
    return high


def back_off(attempts: int) -> timedelta:
    """Wait 2 s, 4 s, 8 s … up to a minute after so many questions without an answer."""
    wait: timedelta = timedelta(seconds=2) * 2 ** min(attempts, 10)
    return min(wait, LONGEST_BACK_OFF)
