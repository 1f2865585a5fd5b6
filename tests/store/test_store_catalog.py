import asyncio

from bot.builds.job import Item
from bot.store import Store
from tests.clock import Clock


async def test_a_look_replaces_what_an_earlier_one_saw(store: Store, clock: Clock) -> None:
    await store.catalog.saw_scenes("1", [Item("7", "Old"), Item("8", "Kept")], clock())
    await store.catalog.saw_scenes("2", [Item("7", "Other")], clock())
    await store.catalog.saw_scenes("1", [Item("8", "Kept"), Item("9", "New")], clock())
    assert await store.catalog.scenes("1") == (Item("8", "Kept"), Item("9", "New"))
    assert await store.catalog.scenes("2") == (Item("7", "Other"),)
    await store.catalog.saw_scenes("1", [], clock())
    assert await store.catalog.scenes("1") == ()


async def test_branches_and_scenes_are_kept_apart(store: Store, clock: Clock) -> None:
    await store.catalog.saw_scenes("1", [Item("7", "main")], clock())
    await store.catalog.saw_branches("1", [Item("b", "main"), Item("a", "dev")], clock())
    assert await store.catalog.branches("1") == (Item("a", "dev"), Item("b", "main"))
    await store.catalog.saw_branches("1", [Item("b", "main")], clock())
    assert await store.catalog.branches("1") == (Item("b", "main"),)
    assert await store.catalog.scenes("1") == (Item("7", "main"),)


async def test_many_who_look_at_once_do_not_trip_over_each_other(
    store: Store, clock: Clock
) -> None:
    items = [Item(str(n), f"Scene {n}") for n in range(20)]

    async def look(n: int) -> None:
        await store.catalog.saw_scenes("1", [*items[:10], *items[10 + n :]], clock())

    await asyncio.gather(*(look(n) for n in range(8)))
    assert set(items[:10]) <= set(await store.catalog.scenes("1"))


async def test_an_id_that_is_listed_twice_is_kept_once(store: Store, clock: Clock) -> None:
    await store.catalog.saw_branches("1", [Item("b", "main"), Item("b", "main")], clock())
    await store.catalog.saw_branches("1", [Item("b", "trunk")], clock())
    assert await store.catalog.branches("1") == (Item("b", "trunk"),)
