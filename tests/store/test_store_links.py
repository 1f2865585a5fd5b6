import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.builds.job import Asker
from bot.builds.link_request import FileKind, LinkRequest
from bot.store import Store
from bot.store.link import Link, LinkState, NewLink
from bot.store.links import LEASE
from bot.store.tables import links
from tests.clock import Clock, Rung

PATIENCE = timedelta(minutes=2)
REQUEST = LinkRequest("a" * 24, "b" * 24, FileKind.AAB)
URL = "https://hooks.example/1"


def new(key: str = "trigger-1") -> NewLink:
    return NewLink(key, REQUEST, Asker("T1", "C1", "U1", URL), PATIENCE)


async def claim(store: Store, clock: Clock, owner: str = "me") -> Link:
    claimed = await store.links.claim(owner, clock())
    assert claimed is not None
    return claimed


async def row(store: Store, link_id: int) -> dict[str, Any]:
    [row] = await store.database.rows(select(links).where(links.c.id == link_id))
    return dict(row)


async def test_a_link_survives_as_it_was_asked_for(store: Store, clock: Clock, rung: Rung) -> None:
    added = await store.links.add(new(), clock())
    assert not added.repeated
    assert rung.topics == ["link"]
    kept = await claim(store, clock)
    assert (kept.id, kept.request, kept.asker) == (added.id, REQUEST, new().asker)
    assert (kept.asked_at, kept.deadline_at) == (clock(), clock() + PATIENCE)
    assert (kept.attempts, kept.told) == (0, False)


async def test_the_same_press_delivered_three_times_is_one_link(store: Store, clock: Clock) -> None:
    added = await asyncio.gather(*(store.links.add(new("same"), clock()) for _ in range(3)))
    assert {each.id for each in added} == {added[0].id}
    assert sorted(each.repeated for each in added) == [False, True, True]
    assert not (await store.links.add(new("another"), clock())).repeated


async def test_a_press_repeated_after_the_end_finds_the_first(store: Store, clock: Clock) -> None:
    added = await store.links.add(new(), clock())
    await store.links.finish(await claim(store, clock), LinkState.SERVED, "delivered", clock())
    again = await store.links.add(new(), clock())
    assert (again.id, again.repeated) == (added.id, True)
    assert await store.links.next_due() is None


async def test_a_claimed_link_is_nobody_elses_until_the_lease_runs_out(
    store: Store, clock: Clock
) -> None:
    await store.links.add(new(), clock())
    await claim(store, clock, "first")
    assert await store.links.claim("second", clock()) is None
    assert await store.links.next_due() == clock() + LEASE
    clock.advance(LEASE.total_seconds() + 1)
    assert (await claim(store, clock, "second")).lease_owner == "second"


async def test_ten_presses_are_claimed_once_each_by_many(store: Store, clock: Clock) -> None:
    for n in range(10):
        await store.links.add(new(str(n)), clock())
    assert (await claim(store, clock)).id == 1

    async def take_all(owner: str) -> list[int]:
        taken = []
        while claimed := await store.links.claim(owner, clock()):
            taken.append(claimed.id)
        return taken

    shares = await asyncio.gather(*(take_all(f"linker-{n}") for n in range(3)))
    assert sorted(link_id for share in shares for link_id in share) == list(range(2, 11))


async def test_a_build_in_processing_is_asked_for_later(store: Store, clock: Clock) -> None:
    await store.links.add(new(), clock())
    later = clock() + timedelta(seconds=5)
    assert await store.links.postpone(await claim(store, clock), later, told_at=clock())
    assert await store.links.claim("me", clock()) is None
    assert await store.links.next_due() == later
    clock.advance(5)
    again = await claim(store, clock)
    assert (again.attempts, again.told) == (1, True)
    assert await store.links.postpone(again, later, told_at=None)
    assert (await claim(store, clock)).told


@pytest.mark.parametrize("state", [LinkState.SERVED, LinkState.FAILED])
async def test_what_is_over_keeps_who_what_when_and_how_but_no_way_to_answer(
    store: Store, clock: Clock, state: LinkState
) -> None:
    added = await store.links.add(new(), clock())
    asked_at = clock()
    claimed = await claim(store, clock)
    clock.advance(3)
    assert await store.links.finish(claimed, state, "because", clock())
    kept = await row(store, added.id)
    assert kept["response_url"] is None
    assert (kept["user_id"], kept["app"], kept["build"]) == ("U1", REQUEST.app, REQUEST.build)
    assert (kept["state"], kept["outcome"]) == (state, "because")
    assert (kept["asked_at"], kept["ended_at"], kept["due_at"]) == (asked_at, clock(), None)
    assert (kept["lease_owner"], kept["lease_until"]) == (None, None)
    assert await store.links.next_due() is None


async def test_an_answer_after_a_takeover_is_dropped(store: Store, clock: Clock) -> None:
    await store.links.add(new(), clock())
    slow = await claim(store, clock, "slow")
    clock.advance(LEASE.total_seconds() + 1)
    quick = await claim(store, clock, "quick")
    assert not await store.links.finish(slow, LinkState.FAILED, "slow", clock())
    assert not await store.links.postpone(slow, clock(), told_at=None)
    assert await store.links.finish(quick, LinkState.SERVED, "delivered", clock())
    assert (await row(store, slow.id))["outcome"] == "delivered"


async def test_one_owner_cannot_answer_with_an_older_claim(store: Store, clock: Clock) -> None:
    await store.links.add(new(), clock())
    older = await claim(store, clock)
    clock.advance(LEASE.total_seconds() + 1)
    newer = await claim(store, clock)
    assert not await store.links.finish(older, LinkState.FAILED, "older", clock())
    assert await store.links.finish(newer, LinkState.SERVED, "delivered", clock())


async def test_the_database_itself_refuses_a_way_to_answer_what_is_over(
    store: Store, clock: Clock
) -> None:
    added = await store.links.add(new(), clock())
    await store.links.finish(await claim(store, clock), LinkState.SERVED, "delivered", clock())
    over = await row(store, added.id) | {"id": 99, "intake_key": "k", "response_url": URL}
    with pytest.raises(IntegrityError):
        await store.database.carry_out(insert(links).values(over))
