from dataclasses import replace

from bot.builds.job import Asker, JobState
from bot.builds.outcome import Rejected
from bot.builds.projects import Known, Project
from bot.builds.transition import end
from bot.store import Store
from tests.clock import Clock, Rung
from tests.store.store_room import accepted, claim

MINA = Asker("T1", "C1", "U1")
FRUIT = Project("Fruit", "543988", engine="2.20.6")


async def test_a_short_name_is_taken_once_however_it_is_spelt(store: Store, clock: Clock) -> None:
    assert await store.projects.add(FRUIT, MINA, clock())
    assert not await store.projects.add(Project("FRUIT", "7"), MINA, clock())
    assert await store.projects.all() == (FRUIT,)


async def test_defaults_change_and_names_go(store: Store, clock: Clock) -> None:
    await store.projects.add(FRUIT, MINA, clock())
    assert await store.projects.change("fruit", MINA, clock(), engine=None, branch="dev")
    assert await store.projects.all() == (replace(FRUIT, engine=None, branch="dev"),)
    assert await store.projects.get("FRUIT") == replace(FRUIT, engine=None, branch="dev")
    assert await store.projects.remove("fruit", MINA, clock())
    assert await store.projects.get("fruit") is None
    assert not await store.projects.remove("fruit", MINA, clock())
    assert not await store.projects.change("fruit", MINA, clock(), branch="dev")


async def test_what_was_just_added_is_known_at_once(store: Store, clock: Clock) -> None:
    assert await store.projects.known(clock()) == Known()
    await store.projects.add(FRUIT, MINA, clock())
    assert await store.projects.known(clock()) == Known((FRUIT,))


async def test_what_another_machine_added_is_known_within_a_second(
    store: Store, clock: Clock
) -> None:
    other = Store(store.database.url.render_as_string(hide_password=False), "account", Rung())
    assert await other.projects.known(clock()) == Known()
    await store.projects.add(FRUIT, MINA, clock())
    assert await other.projects.known(clock.advance(1)) == Known((FRUIT,))
    await other.database.close()


async def test_a_channel_remembers_what_it_built_last(store: Store, clock: Clock) -> None:
    await store.projects.add(FRUIT, MINA, clock())
    assert (await store.projects.known_in("C1", clock())).last is None
    await accepted(store, clock)
    assert (await store.projects.known_in("C1", clock())).last == FRUIT
    assert (await store.projects.known_in("C2", clock())).last is None
    claimed = await claim(store, JobState.ACCEPTED, clock)
    await store.jobs.record(claimed, end(claimed, Rejected("no such scene")), clock())
    assert (await store.projects.known_in("C1", clock())).last is None
