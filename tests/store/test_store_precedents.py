from collections.abc import Callable
from dataclasses import replace

from bot.builds.job import Item, Job, JobKind, JobState, Resolved
from bot.builds.outcome import Ready, Rejected
from bot.builds.request import BuildRequest
from bot.builds.transition import Transition, end, queue, start, submit
from bot.store import Store
from bot.store.new_job import NewJob
from tests.clock import Clock
from tests.store.store_room import LEVEL, PATIENCE, accepted, claim, new

DEV = Item("b-dev", "dev")


async def _ready(
    store: Store, clock: Clock, key: str, resolved: Resolved, engine: str | None
) -> Job:
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


async def test_an_engine_that_the_answer_does_not_name_is_the_one_asked_for(
    store: Store, clock: Clock
) -> None:
    await _ready(store, clock, "a", replace(LEVEL, engine="2.19.1"), None)
    assert await store.precedents.last_engine("543988") == "2.19.1"


async def test_the_main_branch_is_the_same_with_its_name_and_without(
    store: Store, clock: Clock
) -> None:
    main = replace(LEVEL, branch_id="b-main", checkpoint_id="c1")
    first = await _ready(store, clock, "a", main, "2.20.6")
    now = await accepted(store, clock, "b")
    renamed = replace(main, branch=Item("b-main", "trunk"))
    found = await store.precedents.last_ready(now, renamed)
    assert found is not None
    assert found.id == first.id


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


async def _asked(
    store: Store, clock: Clock, key: str, project: str, kind: JobKind = JobKind.BUILD
) -> NewJob:
    asked = replace(new(key), request=BuildRequest(project, (f"Scene of {key}",)), kind=kind)
    await store.jobs.add(asked, clock())
    return asked


async def test_a_channel_knows_its_last_build_and_its_projects(store: Store, clock: Clock) -> None:
    assert await store.precedents.last_in("C1") is None
    for key, project in (("a", "7"), ("b", "8"), ("c", "7")):
        last = await _asked(store, clock, key, project)
    await _asked(store, clock, "d", "9", kind=JobKind.ARCHIVE)
    await store.jobs.add(new("e", channel="C2"), clock())
    found = await store.precedents.last_in("C1")
    assert found is not None
    assert found.request == last.request
    of_eight = await store.precedents.last_in("C1", "8")
    assert of_eight is not None
    assert of_eight.request.scenes == ("Scene of b",)
    assert await store.precedents.last_in("C1", "9") is None
    assert await store.precedents.projects_in("C1") == ("7", "8")


async def test_a_name_that_does_not_exist_leaves_no_precedent(store: Store, clock: Clock) -> None:
    await accepted(store, clock)
    job = await claim(store, JobState.ACCEPTED, clock)
    await store.jobs.record(job, end(job, Rejected("There is no scene “Levle 3”.")), clock())
    assert await store.precedents.last_in("C1") is None
    assert await store.precedents.projects_in("C1") == ()
