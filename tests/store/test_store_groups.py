from bot.store import Store
from bot.store.groups import BELIEVED
from tests.clock import Clock, Rung


async def test_who_is_in_a_group_is_known_everywhere_until_slack_says_otherwise(
    store: Store, clock: Clock
) -> None:
    other = Store(str(store.database.url.render_as_string(hide_password=False)), "a", Rung())
    assert await other.groups.members(clock()) == {}
    await store.groups.saw("S1", frozenset({"U1", "U2"}), clock())
    await store.groups.saw("S2", frozenset(), clock())
    assert await store.groups.members(clock()) == {"S1": {"U1", "U2"}, "S2": frozenset()}
    assert await other.groups.members(clock.advance(1)) == await store.groups.members(clock())
    await store.groups.saw("S1", frozenset({"U3"}), clock())
    await store.groups.forget("S2")
    assert await store.groups.members(clock()) == {"S1": {"U3"}}
    assert await store.groups.seen() == {"S1": clock()}
    await other.database.close()


async def test_what_slack_has_not_confirmed_for_a_day_is_not_believed(
    store: Store, clock: Clock
) -> None:
    await store.groups.saw("S1", frozenset({"U1"}), clock())
    assert await store.groups.members(clock.advance(BELIEVED.total_seconds() - 1)) != {}
    assert await store.groups.members(clock.advance(1)) == {}
