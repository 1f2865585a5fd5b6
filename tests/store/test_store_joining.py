import asyncio
import secrets
from dataclasses import replace

import pytest

from bot.builds.job import Asker, JobState
from bot.builds.options import BuildOptions
from bot.builds.outcome import Cancelled, Ready, Rejected
from bot.builds.request import BuildRequest
from bot.builds.transition import end
from bot.store import Store
from bot.store.new_job import NewJob
from bot.store.once import Added
from tests.clock import Clock, Rung
from tests.store.store_room import PATIENCE, accepted, claim, job, queued, ready, running

SAME = BuildRequest("543988", ("Level 3",))


def asks(key: str, user: str = "U2", request: BuildRequest = SAME, team: str = "T1") -> NewJob:
    return NewJob(key, request, Asker(team, "C1", user), PATIENCE)


async def watchers(store: Store, job_id: int) -> tuple[str, ...]:
    return (await job(store, job_id)).watchers


@pytest.mark.parametrize("under_way", [accepted, queued, running])
async def test_who_asks_for_what_is_under_way_joins_it(
    store: Store, clock: Clock, under_way: object
) -> None:
    first = await under_way(store, clock)  # type: ignore[operator]
    added = await store.jobs.add(asks("second"), clock())
    assert added == Added(first.id, repeated=False, joined=True)
    assert await watchers(store, first.id) == ("U2",)
    assert sum((await store.jobs.count()).values()) == 1


async def test_what_is_over_is_joined_by_nobody(store: Store, clock: Clock) -> None:
    first = await ready(store, clock)
    added = await store.jobs.add(asks("second"), clock())
    assert added.id != first.id
    assert not added.joined


@pytest.mark.parametrize(
    "other",
    [
        replace(asks("x"), anyway=True),
        replace(asks("x"), retry_of=1),
        asks("x", team="T2"),
        asks("x", request=replace(SAME, branch="dev")),
        asks("x", request=replace(SAME, options=BuildOptions(version="2"))),
        asks("x", request=replace(SAME, scenes=("Level 3", "Menu"))),
    ],
)
async def test_what_differs_or_is_wanted_anyway_is_another_build(
    store: Store, clock: Clock, other: NewJob
) -> None:
    first = await running(store, clock)
    added = await store.jobs.add(other, clock())
    assert added.id != first.id
    assert not added.joined
    assert await watchers(store, first.id) == ()


async def asks_in(store: Store, clock: Clock, key: str, channel: str, user: str) -> Added:
    return await store.jobs.add(NewJob(key, SAME, Asker("T1", channel, user), PATIENCE), clock())


async def test_nobody_outside_a_private_channel_joins_what_it_builds(
    store: Store, clock: Clock
) -> None:
    first = await queued(store, clock)
    other = await asks_in(store, clock, "outside", "C2", "U2")
    assert (other.id, other.joined) == (first.id + 1, False)
    # Nor does the newer one hide the older from those who may know of it.
    assert (await asks_in(store, clock, "inside", "C1", "U3")).id == first.id
    # What is one's own is no secret.
    assert (await asks_in(store, clock, "own", "C3", "U1")).id == first.id
    await store.channels.saw("C1", clock(), is_public=True)
    third = await asks_in(store, clock, "later", "C3", "U4")
    assert (third.id, third.joined) == (first.id, True)
    assert await watchers(store, first.id) == ("U3", "U4")


@pytest.mark.parametrize(("is_public", "made"), [(True, 1), (False, 2)])
async def test_at_the_same_moment_too(
    store: Store, clock: Clock, *, is_public: bool, made: int
) -> None:
    await ready(store, clock)
    await store.channels.saw("C1", clock(), is_public=is_public)
    both = [asks_in(store, clock, f"in-{channel}", channel, channel) for channel in ("C1", "C2")]
    added = await asyncio.gather(*both)
    assert len({each.id for each in added}) == made


async def test_names_typed_another_way_mean_the_same(store: Store, clock: Clock) -> None:
    first = await running(store, clock)
    typed = BuildRequest("543988", ("level  3",), alias="fruit")
    assert (await store.jobs.add(asks("second", request=typed), clock())).id == first.id


async def test_everyone_is_noted_once_and_who_asked_first_not_at_all(
    store: Store, clock: Clock
) -> None:
    first = await running(store, clock)
    for n, user in enumerate(["U2", "U1", "U3", "U2"]):
        assert (await store.jobs.add(asks(f"more-{n}", user), clock())).joined
    assert await watchers(store, first.id) == ("U2", "U3")


async def test_a_burst_of_the_same_is_one_job_that_many_wait_for(
    store: Store, clock: Clock
) -> None:
    crowd = (asks(str(n), f"U{n}") for n in range(50))
    added = await asyncio.gather(*(store.jobs.add(each, clock()) for each in crowd))
    assert {each.id for each in added} == {added[0].id}
    assert [each.joined for each in added] == [False, *[True] * 49]
    assert await watchers(store, added[0].id) == tuple(f"U{n}" for n in range(1, 50))


async def test_the_same_command_delivered_again_is_a_repeat(store: Store, clock: Clock) -> None:
    both = [asks("first", "U1"), asks("second")] * 2
    added = await asyncio.gather(*(store.jobs.add(each, clock()) for each in both))
    assert [(each.repeated, each.joined) for each in added] == [
        (False, False),
        (False, True),
        (True, False),
        (True, False),
    ]
    again = [await store.jobs.add(each, clock()) for each in both]
    assert all(each.repeated and each.id == added[0].id for each in again)
    assert await watchers(store, added[0].id) == ("U2",)


async def test_a_repeat_starts_nothing_even_when_the_build_is_over(
    store: Store, clock: Clock
) -> None:
    first = await queued(store, clock)
    await store.jobs.add(asks("second"), clock())
    await store.jobs.record(first, end(first, Cancelled("U1")), clock())
    again = await store.jobs.add(asks("second"), clock())
    assert again == Added(first.id, repeated=True)
    assert await store.jobs.count() == {"cancelled": 1}


async def test_who_works_on_a_job_neither_loses_it_nor_forgets_who_joined(
    store: Store, clock: Clock
) -> None:
    first = await running(store, clock)
    looking = await claim(store, JobState.RUNNING, clock)
    await store.jobs.add(asks("second"), clock())
    done = await store.jobs.record(looking, end(looking, Ready("https://x")), clock())
    assert done is not None
    assert done.watchers == await watchers(store, first.id) == ("U2",)


async def test_nobody_joins_a_job_that_ends_at_the_same_moment_unheard(
    store: Store, clock: Clock
) -> None:
    for n in range(10):
        first = await running(store, clock, f"first-{n}")
        looking = await claim(store, JobState.RUNNING, clock)
        done, added = await asyncio.gather(
            store.jobs.record(looking, end(looking, Ready("https://x")), clock()),
            store.jobs.add(asks(f"second-{n}"), clock()),
        )
        assert done is not None
        # Either it was in time and will be mentioned, or there is a build of its own.
        assert added.joined == (await watchers(store, first.id) == ("U2",))
        assert added.joined == (added.id == first.id)
        if not added.joined:
            other = await claim(store, JobState.ACCEPTED, clock)
            await store.jobs.record(other, end(other, Rejected("gone")), clock())


async def test_two_machines_at_the_same_moment_make_one_job(
    store: Store, database_url: str, clock: Clock, rung: Rung
) -> None:
    other = Store(database_url, "account", rung)
    for n in range(10):
        request = replace(SAME, branch=f"branch-{n}")
        added = await asyncio.gather(
            store.jobs.add(asks(f"here-{n}", request=request), clock()),
            other.jobs.add(asks(f"there-{n}", request=request), clock()),
        )
        assert added[0].id == added[1].id
        assert sorted(each.joined for each in added) == [False, True]
    await other.database.close()


async def test_the_longest_notes_fit_the_index(store: Store, clock: Clock) -> None:
    # Text that cannot be compressed, as long as the API allows.
    notes = BuildOptions(notes=secrets.token_hex(5_000), description=secrets.token_hex(4_999))
    request = replace(SAME, options=notes)
    first = await store.jobs.add(asks("first", "U1", request), clock())
    assert (await store.jobs.add(asks("second", request=request), clock())).id == first.id
