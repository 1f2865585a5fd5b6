import asyncio
from datetime import timedelta

from bot.store import Store
from bot.store.budget import Seen
from tests.clock import Clock


async def _spend(store: Store, clock: Clock, rate_class: str) -> int:
    spent = 0
    while await store.budget.take(rate_class, clock()) is None:
        spent += 1
    return spent


async def test_until_the_server_speaks_ten_starts_and_240_looks_a_minute(
    store: Store, clock: Clock
) -> None:
    assert await _spend(store, clock, "strict") == 2
    assert await _spend(store, clock, "normal") == 48
    assert await store.budget.take("strict", clock()) == clock() + timedelta(seconds=7.5)


async def test_the_servers_limit_replaces_ours(store: Store, clock: Clock) -> None:
    await store.budget.learn("normal", Seen(limit=120), clock())
    assert await _spend(store, clock, "normal") == 24


async def test_a_smaller_share_is_spent_of_both_rates(store: Store, clock: Clock) -> None:
    url = store.database.url.render_as_string(hide_password=False)
    frugal = Store(url, "frugal", lambda _topic: None, share=0.5)
    assert await _spend(frugal, clock, "strict") == 1
    assert await _spend(frugal, clock, "normal") == 30
    assert await frugal.budget.take("normal", clock()) == clock() + timedelta(seconds=0.5)
    await frugal.database.close()


async def test_what_others_spent_is_not_ours_to_spend(store: Store, clock: Clock) -> None:
    seen = Seen(limit=240, remaining=3, reset=clock() + timedelta(seconds=30))
    await store.budget.learn("normal", seen, clock())
    assert await _spend(store, clock, "normal") == 3


async def test_a_429_cools_every_process_down(store: Store, clock: Clock) -> None:
    until = clock() + timedelta(seconds=20)
    await store.budget.cool("normal", until, clock())
    assert await store.budget.take("normal", clock()) == until
    assert await store.budget.take("strict", clock()) is None


async def test_many_at_once_share_one_bucket(store: Store, clock: Clock) -> None:
    took = await asyncio.gather(*(store.budget.take("normal", clock()) for _ in range(60)))
    assert took.count(None) == 48


async def test_a_forecast_spends_nothing(store: Store, clock: Clock) -> None:
    forecast = await store.budget.opens_at("strict", 3, clock())
    assert forecast == clock() + timedelta(seconds=7.5)
    assert await _spend(store, clock, "strict") == 2


async def test_a_clock_that_was_set_back_does_not_close_the_budget(
    store: Store, clock: Clock
) -> None:
    await store.budget.cool("normal", clock.advance(3600) + timedelta(seconds=20), clock())
    clock.advance(-3600)
    opens_at = await store.budget.take("normal", clock())
    assert opens_at is not None
    assert opens_at <= clock() + timedelta(seconds=61)
    clock.advance(61)
    assert await store.budget.take("normal", clock()) is None
    assert await store.budget.honours("normal", clock())
