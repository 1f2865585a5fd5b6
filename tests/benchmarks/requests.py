"""Requests: what it takes to see an end as soon as a loop of one second does."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.benchmarks.baselines import Seen, loops, together
from tests.benchmarks.builds import arrivals, bound, kinds
from tests.benchmarks.table import Row
from tests.benchmarks.watched import watched

_LIMIT = 240
_SEEDS = (1, 2, 3, 4)
_WANTED = {0.35: (0.65, 0.574), 0.2: (0.45, 0.364)}


def measure(*, short: bool) -> list[Row]:
    """Measure at one start a minute."""
    chosen = _SEEDS[:1] if short else _SEEDS
    sigmas = [sigma for sigma in _WANTED for _ in chosen]
    seeds = [*chosen] * len(_WANTED)
    with ProcessPoolExecutor(2) as pool:
        watches = pool.map(_watch, sigmas, seeds, [1.5 if short else 60.0] * len(seeds))
        found = list(zip(sigmas, watches, strict=True))
    return [row for each in _WANTED for row in _rows(each, [w for s, w in found if s == each])]


def _watch(sigma: float, seed: int, minutes: float) -> tuple[Seen, Seen]:
    """Watch the same builds, by the bot and by a loop of one second each."""
    builds = arrivals(kinds(sigma), 1, minutes, seed)
    return watched(builds, _LIMIT, kinds(sigma)), loops(builds, 1, _LIMIT)


def _rows(sigma: float, watches: Sequence[tuple[Seen, Seen]]) -> Iterator[Row]:
    ours, loop = (together(each) for each in zip(*watches, strict=True))
    wanted, of_one_project = _WANTED[sigma]
    waits = [mine.mean / its.mean for mine, its in watches]
    asked = [mine.looks / its.looks for mine, its in watches]
    yield Row(f"sigma {sigma:g}, 1/min: mean wait, s", ours.mean, loop.mean, None, 1.0)
    yield Row("  the lowest and the highest ratio of a seed", min(waits), None)
    yield Row("", max(waits), None)
    yield Row("  median wait, s", ours.percentile(50), loop.percentile(50))
    yield Row("  requests", ours.looks, loop.looks, of_one_project, wanted)
    yield Row("  the lowest and the highest ratio of a seed", min(asked), None)
    yield Row("", max(asked), None)
    yield Row("  requests, bound of the mix", ours.looks, loop.looks, bound(kinds(sigma)))
    yield Row("  429s", ours.refused, None, None, 0)
    yield Row("  429s of 1 s loops", loop.refused, None)
