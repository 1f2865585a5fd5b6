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
