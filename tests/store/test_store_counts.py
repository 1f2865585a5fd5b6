import pytest

from bot.builds.job import JobState
from bot.builds.outcome import Cancelled, Ready
from bot.builds.transition import end
from bot.store import Store, counts
from tests.clock import Clock
from tests.store.store_room import job, queued, running


async def _end(store: Store, clock: Clock, number: int, outcome: Ready | Cancelled) -> None:
    current = await job(store, number)
    assert await store.jobs.record(current, end(current, outcome), clock()) is not None


@pytest.mark.parametrize("newest", [0, 2, 1_000])
async def test_what_is_over_is_counted_once_and_what_moves_each_time(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    monkeypatch.setattr(counts, "_NEWEST", newest)
    assert await store.jobs.count() == {}
    for key in "abcd":
        await running(store, clock, key)
    await _end(store, clock, 1, Ready("https://x"))
    await _end(store, clock, 3, Ready("https://x"))
    for _ in range(2):
        assert await store.jobs.count() == {JobState.READY: 2, JobState.RUNNING: 2}
    await queued(store, clock, "e")
    await _end(store, clock, 5, Cancelled("U1"))
    await _end(store, clock, 2, Ready("https://x"))
    for _ in range(2):
        assert await store.jobs.count() == {"ready": 3, "running": 1, "cancelled": 1}
    await _end(store, clock, 4, Ready("https://x"))
    assert await store.jobs.count() == {"ready": 4, "cancelled": 1}
