"""Waiting: from the end of an export to the look that sees it, beside evenly spaced looks."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tests.benchmarks.baselines import evenly, loops
from tests.benchmarks.builds import MEDIANS, Kind, arrivals, bound, kinds, two_humps
from tests.benchmarks.table import Row
from tests.benchmarks.watched import watched

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


def measure(*, short: bool) -> list[Row]:
    """Measure every setting, two at a time."""
    settings = list(_settings(1 if short else 30))
    chosen = settings[8::13] if short else settings
    with ProcessPoolExecutor(2) as pool:
        return [row for rows in pool.map(measured, chosen) for row in rows]


def measured(setting: Setting) -> list[Row]:
    """Watch the same builds in every way."""
    builds = arrivals(setting.real, setting.a_minute, setting.minutes, seed=1)
    ours = watched(builds, setting.limit, setting.known, alone=setting.alone)
    even = evenly(builds, setting.limit)
    name = f"{setting.what}, {setting.a_minute:g}/min of {setting.limit}"
    best = bound(setting.real)
    rows = [
        Row(f"{name}: mean wait, s", ours.mean, even.mean, best, setting.wanted),
        Row(f"{name}: p95, s", ours.percentile(95), even.percentile(95)),
        Row(f"{name}: requests", ours.looks, even.looks),
    ]
    for every in (1, 2):
        loop = loops(builds, every, setting.limit)
        rows.append(Row(f"{name}: mean beside {every} s loops", ours.mean, loop.mean))
        rows.append(Row(f"{name}: 429s of {every} s loops", ours.refused, loop.refused))
    return rows


def _settings(minutes: float) -> Iterator[Setting]:
    for a_minute in (1, 5, 10, 20):
        for limit in (60, 120, 240):
            wanted = 0.55 if a_minute >= 10 else None
            yield Setting("known", a_minute, limit, minutes, wanted=wanted)
    for a_minute in (10, 20):
        for what, real, known, alone in _TROUBLE:
            yield Setting(what, a_minute, 240, minutes, real, known, alone, wanted=1.05)
