import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.builds.errand import AddProject, ChangeProject, Errand, ListBranches, ListScenes
from bot.builds.job import Asker
from bot.store import Store
from bot.store.errands import LEASE, NewErrand, OpenErrand
from bot.store.tables import errands
from tests.clock import Clock, Rung

PATIENCE = timedelta(minutes=25)
ASKER = Asker("T1", "C1", "U1", "https://hooks.example/1")


def new(key: str = "trigger-1", errand: Errand | None = None) -> NewErrand:
    return NewErrand(key, errand or ListBranches("7"), ASKER, PATIENCE)


async def claim(store: Store, clock: Clock, owner: str = "me") -> OpenErrand:
    claimed = await store.errands.claim(owner, clock())
    assert claimed is not None
    return claimed


async def row(store: Store, errand_id: int) -> dict[str, Any]:
    [row] = await store.database.rows(select(errands).where(errands.c.id == errand_id))
    return dict(row)


@pytest.mark.parametrize(
    "errand",
    [
        AddProject("fruit", "543988", "2.20.6", "a “branch”"),
        ChangeProject("fruit", "543988", "", None),
        ListScenes("543988", None, "fruit"),
        ListBranches("543988"),
    ],
)
async def test_an_errand_survives_as_it_was_asked(
    store: Store, clock: Clock, rung: Rung, errand: Errand
) -> None:
    added = await store.errands.add(new(errand=errand), clock())
    assert not added.repeated
    assert rung.topics == ["errand"]
    kept = await claim(store, clock)
    assert (kept.id, kept.errand, kept.asker) == (added.id, errand, ASKER)
    assert (kept.asked_at, kept.deadline_at) == (clock(), clock() + PATIENCE)
    assert kept.attempts == 0


async def test_the_same_command_delivered_three_times_is_one(store: Store, clock: Clock) -> None:
    added = await asyncio.gather(*(store.errands.add(new("same"), clock()) for _ in range(3)))
    assert {each.id for each in added} == {added[0].id}
    assert sorted(each.repeated for each in added) == [False, True, True]


async def test_a_claimed_errand_is_nobody_elses_until_the_lease_runs_out(
    store: Store, clock: Clock
) -> None:
    await store.errands.add(new(), clock())
    await claim(store, clock, "first")
    assert await store.errands.claim("second", clock()) is None
    assert await store.errands.next_due() == clock() + LEASE
    clock.advance(LEASE.total_seconds() + 1)
    assert (await claim(store, clock, "second")).lease_owner == "second"


async def test_ten_errands_are_claimed_once_each_by_many(store: Store, clock: Clock) -> None:
    for n in range(10):
        await store.errands.add(new(str(n)), clock())

    async def take_all(owner: str) -> list[int]:
        taken = []
        while claimed := await store.errands.claim(owner, clock()):
            taken.append(claimed.id)
        return taken

    shares = await asyncio.gather(*(take_all(f"runner-{n}") for n in range(3)))
    assert sorted(errand_id for share in shares for errand_id in share) == list(range(1, 11))


async def test_one_without_an_answer_is_asked_later(store: Store, clock: Clock) -> None:
    await store.errands.add(new(), clock())
    later = clock() + timedelta(seconds=5)
    assert await store.errands.postpone(await claim(store, clock), later)
    assert await store.errands.claim("me", clock()) is None
    assert await store.errands.next_due() == later
    clock.advance(5)
    assert (await claim(store, clock)).attempts == 1


async def test_what_is_answered_keeps_no_way_to_answer(store: Store, clock: Clock) -> None:
    added = await store.errands.add(new(), clock())
    assert await store.errands.finish(await claim(store, clock), "listed")
    kept = await row(store, added.id)
    assert (kept["state"], kept["ended"], kept["response_url"]) == ("answered", "listed", None)
    assert (kept["due_at"], kept["lease_owner"], kept["lease_until"]) == (None, None, None)
    assert await store.errands.next_due() is None
    assert (await store.errands.add(new(), clock())).repeated


async def test_an_answer_after_a_takeover_is_dropped(store: Store, clock: Clock) -> None:
    await store.errands.add(new(), clock())
    slow = await claim(store, clock, "slow")
    clock.advance(LEASE.total_seconds() + 1)
    quick = await claim(store, clock, "quick")
    assert not await store.errands.finish(slow, "slow")
    assert not await store.errands.finish(replace(slow, lease_owner="quick"), "slow")
    assert not await store.errands.postpone(slow, clock())
    assert await store.errands.finish(quick, "quick")
    assert (await row(store, slow.id))["ended"] == "quick"
