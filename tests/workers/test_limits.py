from datetime import timedelta

import pytest

from bot.sandbox.faults import Answer
from tests.workers.workers_room import Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def burst(shop: Workshop, rate_class: str) -> int:
    """Count what may go at once: a fifth of the limit."""
    count = 0
    while await shop.store.budget.take(rate_class, shop.clock()) is None:
        count += 1
    return count


async def test_the_accounts_limits_replace_the_first_guess(shop: Workshop) -> None:
    limits = shop.house.playcanvas.limits
    limits.strict.limit, limits.normal.limit = 5, 120
    until = await shop.limits_reader().step(shop.clock())
    assert until == shop.clock() + timedelta(hours=1)
    assert await burst(shop, "strict") == 1
    # One permit went for the question.
    assert await burst(shop, "normal") == 24 - 1


async def test_it_asks_once_an_hour(shop: Workshop) -> None:
    reader = shop.limits_reader()
    due = await reader.step(shop.clock())
    shop.clock.advance(3_599)
    assert await reader.step(shop.clock()) == due
    assert shop.asked == ["GET ratelimits"]
    shop.clock.advance(1)
    await reader.step(shop.clock())
    assert shop.asked == ["GET ratelimits"] * 2


@pytest.mark.parametrize("answer", [Answer(401), Answer(200, b"<html>"), Answer(429)])
async def test_what_it_is_not_told_it_asks_again_in_a_minute(
    shop: Workshop, answer: Answer
) -> None:
    shop.house.playcanvas.faults.add("ratelimits", act=answer)
    reader = shop.limits_reader()
    assert await reader.step(shop.clock()) == shop.clock() + timedelta(minutes=1)
    shop.clock.advance(60)
    assert await reader.step(shop.clock()) == shop.clock() + timedelta(hours=1)


async def test_it_waits_for_its_permit_as_all_do(shop: Workshop) -> None:
    reset = shop.clock() + timedelta(seconds=30)
    await shop.store.budget.cool("normal", reset, shop.clock())
    assert await shop.limits_reader().step(shop.clock()) == reset
    assert shop.asked == []
