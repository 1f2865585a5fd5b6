"""Scale: what the loops and people ask of a store with a million builds behind it."""

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.builds.history import STATES, Listing
from bot.builds.job import Asker, JobState
from bot.builds.request import BuildRequest
from bot.builds.transition import look_again, queue, start, submit
from bot.playcanvas.limits import RateClass
from bot.slack.messages.builds_list import builds_list
from bot.store import Store, schema
from bot.store.engine import RELEASE, Database
from bot.store.new_job import NewJob
from tests.benchmarks import crowd
from tests.benchmarks.databases import DATABASES
from tests.benchmarks.table import Row

T = TypeVar("T")
_WANTED, _SOON_MS = 2.0, 100.0
_MINUTE = timedelta(minutes=1)
_ASKER = Asker(crowd.TEAM, "C3", "U7")


def measure(*, short: bool) -> list[Row]:
    """Measure both databases, one after the other."""
    return asyncio.run(_measured(short=short))


async def _measured(*, short: bool) -> list[Row]:
    finished, sizes, rounds = (500, (5, 10), 3) if short else (1_000_000, (100, 1_000, 10_000), 200)
    rows = []
    for name, database in DATABASES.items():
        async with database() as url:
            await _fill(url, finished)
            store = Store(url, "account", lambda _topic: None)
            try:
                rows += await _scaled(name, store, sizes, rounds)
            finally:
                await store.database.close()
    return rows


async def _fill(url: str, finished: int) -> None:
    store = Store(url, "account", lambda _topic: None)
    # So many rows at once take longer than any answer may.
    store.database = Database(url, answers_within=RELEASE)
    await schema.migrate(store.database)
    await crowd.fill(store, finished, _now())
    await store.database.close()


async def _scaled(name: str, store: Store, sizes: tuple[int, ...], rounds: int) -> list[Row]:
    steps, looked_at = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    running = 0
    for size in sizes:
        await crowd.run(store, range(running, size), _now(), JobState.RUNNING)
        running = size
        for what, taken in (await Loops(store).timed(rounds)).items():
            steps[what].append(taken)
        for what, taken in (await _people(store, max(3, rounds // 20))).items():
            looked_at[what].append(taken)
    return [
        *(_step(f"{name}: {what}", taken) for what, taken in steps.items()),
        *(_slowest(name, what, looked_at) for what in ("/builds", "App Home", "metrics")),
    ]


def _step(what: str, taken: list[float]) -> Row:
    """Compare the most running builds with the fewest."""
    slowest = f", slowest {max(taken):.1f}" if max(taken) > max(taken[0], taken[-1]) else ""
    return Row(f"{what}, ms{slowest}", taken[-1], taken[0], wanted=_WANTED)


def _slowest(name: str, what: str, taken: dict[str, list[float]]) -> Row:
    """Tell how long people wait for what takes longest, whatever runs."""
    forms = {form: max(times) for form, times in taken.items() if form.startswith(what)}
    slowest = max(forms, key=lambda form: forms[form])
    among = f", the slowest of {len(forms)} forms" if len(forms) > 1 else ""
    return Row(f"{name}: {slowest}{among}, ms", forms[slowest], None, wanted=_SOON_MS)


class Loops:
    """The steps of the loops, each as often as is asked, in the order in which they happen."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._taken: dict[str, list[float]] = defaultdict(list)
        self._number = 0

    async def timed(self, rounds: int) -> dict[str, float]:
        """Say how long each takes, at the median, in ms."""
        for _ in range(rounds):
            await self._looks()
            await self._starts()
            await self._tells()
        for _ in range(max(2, rounds // 50)):
            await self._sweeps()
        return {what: statistics.median(taken) for what, taken in self._taken.items()}

    async def _looks(self) -> None:
        store, now = self._store, _now()
        await self._timed("next_due", store.jobs.next_due(JobState.RUNNING))
        job = await self._timed("claim", store.jobs.claim(JobState.RUNNING, "poller", now))
        assert job is not None
        await self._timed("next_look", store.pace.next_look(job, RateClass.NORMAL, now))
        again = look_again(job, now + timedelta(milliseconds=1), 0.1)
        await self._timed("record", store.jobs.record(job, again, now))

    async def _starts(self) -> None:
        """Bring a build from its command to its start, and end one for it."""
        jobs, now = self._store.jobs, _now()
        self._number += 1
        request = BuildRequest("3", (f"Level {now.timestamp()}",))
        new = NewJob(f"new {now.timestamp()}", request, _ASKER, _MINUTE)
        added = await self._timed("add", jobs.add(new, now))
        accepted = await self._timed("claim accepted", jobs.claim(JobState.ACCEPTED, "me", now))
        assert accepted is not None
        assert accepted.id == added.id
        queued = await jobs.record(accepted, queue(accepted, crowd.LEVEL, now), now)
        assert queued is not None
        await self._timed("place", jobs.place(queued))
        claimed = await self._timed("claim queued", jobs.claim(JobState.QUEUED, "me", now))
        assert claimed is not None
        handed = await self._timed(
            "record submitting", jobs.record(claimed, submit(claimed, now, _MINUTE), now)
        )
        assert handed is not None
        started = start(handed, handed.id, now, now + _MINUTE)
        await self._timed("record running", jobs.record(handed, started, now))

    async def _tells(self) -> None:
        store, now = self._store, _now()
        await self._timed("outbox.next_due", store.outbox.next_due())
        notice = await self._timed("outbox.claim", store.outbox.claim("notifier", now))
        if notice is not None:
            await self._timed("outbox.shown", store.outbox.shown(notice, f"{notice.id}.1", now))

    async def _sweeps(self) -> None:
        store, now = self._store, _now()
        await self._timed("sweep: abandoned", store.jobs.abandoned(now))
        await self._timed(
            "sweep: response URLs", store.jobs.forget_response_urls(now - 30 * _MINUTE)
        )
        await self._timed("sweep: clocks", store.clocks.set_right(now))

    async def _timed(self, what: str, doing: Awaitable[T]) -> T:
        began = time.perf_counter()
        done = await doing
        self._taken[what].append((time.perf_counter() - began) * 1000)
        return done


async def _people(store: Store, rounds: int) -> dict[str, float]:
    """Say how long everything takes that people look at, at its median, in ms."""
    taken = {}
    for what, ask in questions(store).items():
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            await ask()
            times.append((time.perf_counter() - began) * 1000)
        taken[what] = statistics.median(times)
    return taken


def questions(store: Store) -> dict[str, Callable[[], Awaitable[object]]]:
    async def builds(wanted: Listing, asker: Asker = _ASKER) -> object:
        known = await store.projects.known_in(asker.channel_id, _now())
        return builds_list(await store.history.page(wanted, asker), asker.channel_id, known, _now())

    listings = {"": Listing(), " mine": Listing(mine=True), " 7": Listing("7")}
    listings |= {f" {state}": Listing(state=state) for state in STATES}
    listings |= {f" 7 {state}": Listing("7", state=state) for state in STATES}
    listings |= {f" mine {state}": Listing(mine=True, state=state) for state in STATES}
    listings[" before=500"] = Listing(before=500)
    questions: dict[str, Callable[[], Awaitable[object]]] = {
        f"/builds{line}": lambda wanted=wanted: builds(wanted)  # type: ignore[misc]
        for line, wanted in listings.items()
    }
    return questions | {
        "/builds latest": lambda: store.history.latest("7", None, _ASKER),
        "App Home": lambda: store.overviews.of(_ASKER.user_id),
        "metrics: jobs": store.jobs.count,
        "metrics: outbox": store.outbox.backlog,
    }


def _now() -> datetime:
    return datetime.now(UTC)
