"""Waiting: from the end of an export to the look that sees it, beside evenly spaced looks."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby

from tests.benchmarks.baselines import Seen, evenly, loops, together
from tests.benchmarks.builds import MEDIANS, Kind, arrivals, bound, kinds, two_humps
from tests.benchmarks.table import Row
from tests.benchmarks.watched import watched

# About so many builds are watched in each setting, or more; however rare, from three seeds on.
_BUILDS, _FEWEST_SEEDS = 600, 3
_USUAL = kinds(0.35)
_SWAPPED = tuple(MEDIANS[-1 - n] / median for n, median in enumerate(MEDIANS))


# What the builds are like, what the bot begins with, whether each is of a project of its own.
_TROUBLE: tuple[tuple[str, Sequence[Kind], Sequence[Kind], bool], ...] = (
    ("no history", _USUAL, (), False),
    ("no history ever", _USUAL, (), True),
    ("history three times too long", _USUAL, kinds(0.35, times=(3,) * 5), False),
    ("history three times too short", _USUAL, kinds(0.35, times=(1 / 3,) * 5), False),
    ("history of other projects", _USUAL, kinds(0.35, times=_SWAPPED), False),
    ("two humps", two_humps(0.2), two_humps(0.2), False),
    ("sigma 1.0", kinds(1.0), kinds(1.0), False),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is built, how often, under which limit, and what the bot thinks it knows of it."""

    what: str
    a_minute: float
    limit: int
    minutes: float
    real: Sequence[Kind] = _USUAL
    known: Sequence[Kind] = _USUAL
    alone: bool = False
    wanted: float | None = None

    @property
    def seeds(self) -> range:
        """Each seed draws other builds."""
        wanted = round(_BUILDS / (self.a_minute * self.minutes))
        return range(1, 1 + max(_FEWEST_SEEDS, wanted))


@dataclass(frozen=True, slots=True)
class Watches:
    """The same builds, watched by the bot, evenly, and by loops of one and two seconds."""

    ours: Seen
    even: Seen
    loops: tuple[Seen, Seen]


def measure(*, short: bool) -> list[Row]:
    """Measure with history that is true."""
    settings = list(_known(short=short))
    found = _measured(settings[8:9] if short else settings, short=short)
    return [row for setting, watches in found for row in _beside_all(setting, watches)]


def measure_surprises(*, short: bool) -> list[Row]:
    """Measure with history that is missing, wrong or of little use."""
    settings = list(_surprises(short=short))
    found = _measured(settings[9:10] if short else settings, short=short)
    return [row for setting, watches in found for row in _beside_evenly(setting, watches)]


def _measured(settings: Sequence[Setting], *, short: bool) -> list[tuple[Setting, list[Watches]]]:
    """Watch the same builds in every way, in two processes; a list for each setting."""
    seeds = slice(0, 1 if short else None)
    tasks = [(setting, seed) for setting in settings for seed in setting.seeds[seeds]]
    with ProcessPoolExecutor(2) as pool:
        found = zip(tasks, pool.map(_watch, *zip(*tasks, strict=True)), strict=True)
        groups = groupby(found, key=lambda each: each[0][0])
        return [(setting, [each for _, each in group]) for setting, group in groups]


def _watch(setting: Setting, seed: int) -> Watches:
    builds = arrivals(setting.real, setting.a_minute, setting.minutes, seed)
    ours = watched(builds, setting.limit, setting.known, alone=setting.alone)
    one, two = (loops(builds, every, setting.limit) for every in (1, 2))
    return Watches(ours, evenly(builds, setting.limit), (one, two))


def _beside_evenly(setting: Setting, watches: Sequence[Watches]) -> Iterator[Row]:
    """Tell of all seeds together, and how far apart they are."""
    ours, even = together([w.ours for w in watches]), together([w.even for w in watches])
    name = f"{setting.what}, {setting.a_minute:g}/min of {setting.limit}"
    ratios = [w.ours.mean / w.even.mean for w in watches]
    best = bound(setting.real)
    yield Row(f"{name}: mean wait, s", ours.mean, even.mean, best, setting.wanted)
    yield Row("  the lowest and the highest ratio of a seed", min(ratios), None)
    yield Row("", max(ratios), None)
    yield Row("  p95, s", ours.percentile(95), even.percentile(95))
    yield Row("  requests", ours.looks, even.looks)
    yield Row("  429s", ours.refused, None, None, 0)


def _beside_all(setting: Setting, watches: Sequence[Watches]) -> Iterator[Row]:
    yield from _beside_evenly(setting, watches)
    ours = together([w.ours for w in watches])
    for every, each in zip((1, 2), zip(*(w.loops for w in watches), strict=True), strict=True):
        loop = together(each)
        yield Row(f"  mean beside {every} s loops, s", ours.mean, loop.mean)
        yield Row(f"  429s beside {every} s loops", ours.refused, loop.refused)


def _known(*, short: bool) -> Iterator[Setting]:
    for a_minute in (1, 5, 10, 20):
        for limit in (60, 120, 240):
            wanted = 0.55 if a_minute >= 10 else None
            minutes = 0.4 if short else max(30, _minutes(a_minute))
            yield Setting("known", a_minute, limit, minutes, wanted=wanted)


def _surprises(*, short: bool) -> Iterator[Setting]:
    for a_minute, limit in ((1, 240), (10, 240), (10, 60), (20, 120)):
        for what, real, known, alone in _TROUBLE:
            # No longer than it takes: the longer it lasts, the less a surprise weighs.
            minutes = 0.4 if short else _minutes(a_minute)
            yield Setting(what, a_minute, limit, minutes, real, known, alone, wanted=1.05)


def _minutes(a_minute: float) -> float:
    """Last long enough for the rate to be one, and for some sixty builds and more.

    It takes the longest builds seven minutes to be as many as they stay.
    """
    return 5 + 60 / a_minute
