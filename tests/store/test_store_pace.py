"""The load of the running jobs: read afresh while they are few, held for a moment when many."""

from datetime import timedelta

from bot.builds.job import JobState
from bot.playcanvas.limits import RateClass
from bot.store import Store
from tests.benchmarks import crowd
from tests.clock import Clock


async def test_the_sum_of_many_holds_for_a_moment_that_grows_with_them(
    store: Store, clock: Clock
) -> None:
    await crowd.run(store, range(1, 1_001), clock(), JobState.RUNNING)
    assert (await store.pace.load(RateClass.NORMAL, clock())).running == 1_000
    await crowd.run(store, [1_001], clock(), JobState.RUNNING)
    soon, later = clock() + timedelta(seconds=0.09), clock() + timedelta(seconds=0.11)
    assert (await store.pace.load(RateClass.NORMAL, soon)).running == 1_000
    assert (await store.pace.load(RateClass.NORMAL, later)).running == 1_001
    # A clock that was set back holds nothing.
    assert (await store.pace.load(RateClass.NORMAL, clock())).running == 1_001
