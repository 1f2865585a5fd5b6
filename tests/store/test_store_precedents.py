from collections.abc import Callable
from dataclasses import replace

from bot.builds.job import Item, Job, JobState, Resolved
from bot.builds.outcome import Ready
from bot.builds.transition import Transition, end, queue, start, submit
from bot.store import Store
from tests.clock import Clock
from tests.store.store_room import LEVEL, PATIENCE, accepted, claim

DEV = Item("b-dev", "dev")


async def _ready(store: Store, clock: Clock, key: str, resolved: Resolved, engine: str) -> Job:
    await accepted(store, clock, key)
    job = await claim(store, JobState.ACCEPTED, clock)
    moves: list[Callable[[Job], Transition]] = [
        lambda each: queue(each, resolved, clock()),
        lambda each: submit(each, clock(), PATIENCE),
        lambda each: start(each, 9, clock(), clock()),
        lambda each: end(each, Ready("https://x.example", engine)),
    ]
    for move in moves:
        moved = await store.jobs.record(job, move(job), clock())
        assert moved is not None
        job = moved
        clock.advance(1)
    return job


async def test_the_next_build_takes_the_engine_of_the_last_ready_one(
    store: Store, clock: Clock
) -> None:
    assert await store.precedents.last_engine("543988") is None
    await _ready(store, clock, "a", LEVEL, "2.20.6")
    await _ready(store, clock, "b", LEVEL, "2.21.0")
    assert await store.precedents.last_engine("543988") == "2.21.0"
    assert await store.precedents.last_engine("7") is None


async def test_only_the_same_scenes_on_the_same_branch_count(store: Store, clock: Clock) -> None:
    main = replace(LEVEL, checkpoint_id="c1")
    first = await _ready(store, clock, "a", main, "2.20.6")
    await _ready(store, clock, "b", replace(main, branch=DEV), "2.20.6")
    await _ready(store, clock, "c", LEVEL, "2.20.6")  # its checkpoint is not known
    await _ready(store, clock, "d", replace(main, scenes=(Item("8", "Menu"),)), "2.20.6")
    now = await accepted(store, clock, "e")
    found = await store.precedents.last_ready(now, main)
    assert found is not None
    assert found.id == first.id
    assert await store.precedents.last_ready(first, main) is None
