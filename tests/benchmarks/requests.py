"""Requests: what it takes to see an end as soon as a loop of one second does."""

from concurrent.futures import ProcessPoolExecutor

from tests.benchmarks.baselines import loops
from tests.benchmarks.builds import arrivals, bound, kinds
from tests.benchmarks.table import Row
from tests.benchmarks.watched import watched

_LIMIT = 240
_WANTED = {0.35: (0.65, 0.574), 0.2: (0.45, 0.364)}


def measure(*, short: bool) -> list[Row]:
    """Measure at one start a minute."""
    with ProcessPoolExecutor(2) as pool:
        figures = pool.map(measured, _WANTED, [2.0 if short else 240.0] * len(_WANTED))
        return [row for rows in figures for row in rows]


def measured(sigma: float, minutes: float) -> list[Row]:
    """Watch the same builds, by the bot and by a loop of one second each."""
    builds = arrivals(kinds(sigma), 1, minutes, seed=1)
    ours, loop = watched(builds, _LIMIT, kinds(sigma)), loops(builds, 1, _LIMIT)
    wanted, of_one_project = _WANTED[sigma]
    name = f"sigma {sigma:g}, 1/min"
    return [
        Row(f"{name}: mean wait, s", ours.mean, loop.mean, None, 1.0),
        Row(f"{name}: median wait, s", ours.percentile(50), loop.percentile(50)),
        Row(f"{name}: requests", ours.looks, loop.looks, of_one_project, wanted),
        Row(f"{name}: requests, bound of the mix", ours.looks, loop.looks, bound(kinds(sigma))),
        Row(f"{name}: 429s", ours.refused, loop.refused),
    ]
