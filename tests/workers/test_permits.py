from datetime import UTC, datetime, timedelta

import pytest

from bot.playcanvas.limits import RateClass, RateLimit
from bot.store import Store
from bot.store.budget import Seen
from bot.workers.loop import utc_now
from bot.workers.permits import Permits
from tests.clock import NOON, Clock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOTHING_SAID = RateLimit(None, None, None)


@pytest.fixture
def waited() -> list[tuple[str, float]]:
    return []


def permits(store: Store, clock: Clock, waited: list[tuple[str, float]]) -> Permits:
    return Permits(
        store.budget, RateClass.STRICT, clock, lambda name, seconds: waited.append((name, seconds))
    )


async def left(store: Store, clock: Clock) -> int:
    """Count what the budget still gives now, and take it."""
    count = 0
    while await store.budget.take("strict", clock()) is None:
        count += 1
    return count


async def test_a_permit_that_nobody_used_stays_in_hand(
    store: Store, clock: Clock, waited: list[tuple[str, float]]
) -> None:
    purse = permits(store, clock, waited)
    assert await purse.take(clock()) is None
    assert await purse.take(clock()) is None
    # Ten a minute: two at once, of which one is in hand.
    assert await left(store, clock) == 1
    await purse.permit(RateClass.STRICT)
    assert await purse.take(clock()) is not None


async def test_a_permit_in_hand_is_worth_nothing_in_a_cool_down(
    store: Store, clock: Clock, waited: list[tuple[str, float]]
) -> None:
    purse, other = permits(store, clock, waited), permits(store, clock, waited)
    assert await purse.take(clock()) is None
    reset = clock() + timedelta(seconds=30)
    await other.learn(RateClass.STRICT, RateLimit(10, 0, reset), refused=True)
    assert await purse.take(clock()) == reset
    clock.advance(29.9)
    assert await purse.take(clock()) == reset
    clock.advance(0.1)
    assert await purse.take(clock()) is None


async def test_a_permit_in_hand_outlives_the_spending_of_all_others(
    store: Store, clock: Clock, waited: list[tuple[str, float]]
) -> None:
    purse = permits(store, clock, waited)
    assert await purse.take(clock()) is None
    await left(store, clock)
    assert await purse.take(clock()) is None


@pytest.mark.parametrize(
    "reset", [None, NOON - timedelta(seconds=1), datetime(1970, 1, 1, 0, 0, 30, tzinfo=UTC)]
)
async def test_a_429_that_says_nothing_of_use_is_a_pause_of_ten_seconds(
    store: Store, clock: Clock, waited: list[tuple[str, float]], reset: datetime | None
) -> None:
    purse = permits(store, clock, waited)
    await purse.learn(RateClass.STRICT, RateLimit(None, None, reset), refused=True)
    assert await purse.take(clock()) == NOON + timedelta(seconds=10)


async def test_an_answer_without_headers_changes_nothing(
    store: Store, clock: Clock, waited: list[tuple[str, float]]
) -> None:
    await permits(store, clock, waited).learn(RateClass.STRICT, NOTHING_SAID, refused=False)
    assert await left(store, clock) == 2


async def test_what_is_asked_for_too_early_is_not_asked_for_again(
    store: Store, clock: Clock, waited: list[tuple[str, float]]
) -> None:
    purse = permits(store, clock, waited)
    await left(store, clock)
    opens_at = await purse.take(clock())
    assert opens_at is not None
    assert purse.closed_until(clock()) == opens_at
    clock.now = opens_at
    assert purse.closed_until(clock()) is None
    assert await purse.take(clock()) is None
    assert waited == [("strict", (opens_at - NOON).total_seconds())]


async def test_a_further_page_waits_for_a_permit_of_its_own(store: Store) -> None:
    # By the real clock: a quarter of a second lies between 240 a minute.
    purse = Permits(store.budget, RateClass.STRICT, utc_now, lambda _name, _seconds: None)
    await store.budget.learn("strict", Seen(limit=300), utc_now())
    began = utc_now()
    for _ in range(60 + 2):
        await purse.permit(RateClass.STRICT)
    assert utc_now() - began >= timedelta(seconds=0.5)
