import asyncio
from datetime import timedelta

from bot.builds.job import Asker
from bot.store import Store
from bot.store.whispers import LEASE, Whisper
from tests.clock import Clock, Rung

NO = {"text": "No.", "blocks": [{"type": "divider"}]}
ASKER = Asker("T1", "C1", "U1", "https://hooks.example/1", thread_ts="1700000000.000100")


async def claim(store: Store, clock: Clock, owner: str = "me") -> Whisper:
    claimed = await store.whispers.claim(owner, clock())
    assert claimed is not None
    return claimed


async def test_a_whisper_survives_as_it_was_meant(store: Store, clock: Clock, rung: Rung) -> None:
    assert await store.whispers.add("Ev1", ASKER, NO, clock(), instead=True)
    assert rung.topics == ["whisper"]
    assert await store.whispers.next_due() == clock()
    kept = await claim(store, clock)
    assert (kept.asker, kept.message, kept.asked_at, kept.attempts) == (ASKER, NO, clock(), 1)
    assert kept.instead


async def test_an_event_delivered_three_times_is_answered_once(store: Store, clock: Clock) -> None:
    added = [store.whispers.add("Ev1", ASKER, NO, clock()) for _ in range(3)]
    assert sorted(await asyncio.gather(*added)) == [False, False, True]
    await store.whispers.over(await claim(store, clock))
    assert not await store.whispers.add("Ev1", ASKER, NO, clock())
    assert await store.whispers.claim("me", clock()) is None
    assert await store.whispers.add("Ev2", ASKER, NO, clock())


async def test_what_dies_with_its_holder_is_said_by_another(store: Store, clock: Clock) -> None:
    await store.whispers.add("Ev1", ASKER, NO, clock())
    slow = await claim(store, clock, "slow")
    assert await store.whispers.claim("quick", clock()) is None
    assert await store.whispers.next_due() == clock() + LEASE
    clock.advance(LEASE.total_seconds() + 1)
    quick = await claim(store, clock, "quick")
    assert (quick.id, quick.attempts) == (slow.id, 2)
    await store.whispers.postpone(slow, clock() - timedelta(minutes=1))
    assert await store.whispers.claim("third", clock()) is None


async def test_what_could_not_be_said_is_said_later(store: Store, clock: Clock) -> None:
    await store.whispers.add("Ev1", ASKER, NO, clock())
    later = clock() + timedelta(seconds=5)
    await store.whispers.postpone(await claim(store, clock), later)
    assert await store.whispers.claim("me", clock()) is None
    assert await store.whispers.next_due() == later
    clock.advance(5)
    await store.whispers.over(await claim(store, clock))
    assert await store.whispers.next_due() is None


async def test_deliveries_are_kept_as_long_as_slack_repeats_them(
    store: Store, clock: Clock
) -> None:
    await store.whispers.add("Ev1", ASKER, NO, clock())
    clock.advance(10)
    await store.whispers.add("Ev2", ASKER, NO, clock())
    await store.deliveries.forget(clock())
    assert not await store.whispers.add("Ev2", ASKER, NO, clock())
    assert await store.whispers.add("Ev1", ASKER, NO, clock())
