from datetime import timedelta

from bot.builds.job import Asker, Item
from bot.builds.overview import Offer, Overview
from bot.builds.projects import Project
from bot.store import Store
from bot.store.homes import FOLLOWED, LEASE, SPACING, Home
from tests.clock import Clock, Rung
from tests.store.store_room import accepted, queued, ready, running

MINA = Asker("T1", "C1", "U1")
FRUIT = Project("Fruit", "543988", engine="2.20.6")


async def opened(store: Store, clock: Clock, user: str = "U1") -> None:
    await store.homes.opened(f"Ev-{user}-{clock()}", user, clock(), empty=False)


async def mark(store: Store, clock: Clock) -> str:
    found = await store.homes.mark(clock())
    assert found is not None
    return found


async def claim(store: Store, clock: Clock, owner: str = "me") -> Home | None:
    return await store.homes.claim(await mark(store, clock), owner, clock())


async def publish(store: Store, clock: Clock) -> Home:
    home = await claim(store, clock)
    assert home is not None
    await store.homes.shows(home, await mark(store, clock), "digest", clock())
    return home


async def test_an_opened_home_is_due_at_once(store: Store, clock: Clock, rung: Rung) -> None:
    assert await store.homes.mark(clock()) is None
    await opened(store, clock)
    assert rung.topics == ["home"]
    assert (await publish(store, clock)).shown is None


async def test_nothing_is_due_until_something_changes(store: Store, clock: Clock) -> None:
    await opened(store, clock)
    await publish(store, clock)
    clock.advance(60)
    assert await claim(store, clock) is None
    await opened(store, clock)
    assert await claim(store, clock) is None
    await accepted(store, clock)
    home = await claim(store, clock)
    assert home is not None
    assert home.shown == "digest"


async def test_each_move_and_each_project_changes_the_world(store: Store, clock: Clock) -> None:
    await opened(store, clock)
    marks = [await mark(store, clock)]
    await running(store, clock)
    marks.append(await mark(store, clock))
    await store.projects.add(FRUIT, MINA, clock())
    marks.append(await mark(store, clock))
    await store.projects.change("fruit", MINA, clock(), branch="dev")
    marks.append(await mark(store, clock))
    await store.channels.saw("C1", clock(), is_public=True)
    marks.append(await mark(store, clock))
    assert len(set(marks)) == 5
    assert await mark(store, clock) == marks[-1]


async def test_one_home_is_published_every_other_second_at_most(store: Store, clock: Clock) -> None:
    await opened(store, clock)
    await publish(store, clock)
    await accepted(store, clock)
    assert await claim(store, clock) is None
    clock.advance(SPACING.total_seconds())
    assert await claim(store, clock) is not None


async def test_homes_take_turns_and_new_ones_come_first(store: Store, clock: Clock) -> None:
    await opened(store, clock, "U1")
    await publish(store, clock)
    clock.advance(5)
    await accepted(store, clock)
    await opened(store, clock, "U2")
    first = await claim(store, clock)
    assert first is not None
    assert first.user_id == "U2"
    assert await claim(store, clock) is None
    clock.advance(1)
    second = await claim(store, clock)
    assert second is not None
    assert second.user_id == "U1"


async def test_who_went_away_is_not_followed_until_they_are_back(
    store: Store, clock: Clock
) -> None:
    await opened(store, clock)
    await publish(store, clock)
    clock.advance(FOLLOWED.total_seconds())
    await accepted(store, clock)
    assert await store.homes.mark(clock()) is None
    await opened(store, clock)
    assert await claim(store, clock) is not None


async def test_an_empty_home_is_published_though_nothing_changed(
    store: Store, clock: Clock
) -> None:
    await opened(store, clock)
    await publish(store, clock)
    clock.advance(1)
    await store.homes.opened("Ev9", "U1", clock(), empty=True)
    home = await claim(store, clock)
    assert home is not None
    assert home.shown is None


async def test_a_visit_delivered_again_is_the_same_visit(store: Store, clock: Clock) -> None:
    await store.homes.opened("Ev1", "U1", clock(), empty=True)
    await publish(store, clock)
    clock.advance(60)
    await store.homes.opened("Ev1", "U1", clock(), empty=True)
    assert await claim(store, clock) is None


async def test_what_a_dead_publisher_held_is_published_by_another(
    store: Store, clock: Clock
) -> None:
    await opened(store, clock)
    dead = await claim(store, clock, "dead")
    assert dead is not None
    assert await claim(store, clock, "other") is None
    clock.advance(LEASE.total_seconds() + 1)
    other = await claim(store, clock, "other")
    assert other is not None
    await store.homes.shows(dead, await mark(store, clock), "late", clock())
    await store.homes.leave(dead)
    await store.homes.shows(other, await mark(store, clock), "digest", clock())
    clock.advance(5)
    await accepted(store, clock)
    after = await claim(store, clock)
    assert after is not None
    assert after.shown == "digest"


async def test_a_busy_slack_holds_every_home(store: Store, clock: Clock) -> None:
    await opened(store, clock, "U1")
    await opened(store, clock, "U2")
    home = await claim(store, clock)
    assert home is not None
    await store.homes.postpone(home, clock() + timedelta(seconds=30), busy=True)
    clock.advance(20)
    assert await claim(store, clock) is None
    clock.advance(10)
    assert await claim(store, clock) is not None


async def test_homes_that_nobody_opens_are_forgotten(store: Store, clock: Clock) -> None:
    await opened(store, clock)
    await publish(store, clock)
    clock.advance(5)
    await store.homes.forget(clock())
    await opened(store, clock)
    home = await claim(store, clock)
    assert home is not None
    assert home.shown is None


async def test_the_overview_of_an_empty_house(store: Store) -> None:
    assert await store.overviews.of("U1") == Overview()


async def test_the_overview_shows_what_runs_what_was_built_and_what_can_be(
    store: Store, clock: Clock
) -> None:
    done = await ready(store, clock, "1")
    on = await running(store, clock, "2")
    waiting = await queued(store, clock, "3")
    await accepted(store, clock, "4")
    await store.projects.add(FRUIT, MINA, clock())
    await store.projects.add(Project("Another", "7"), MINA, clock())
    await store.catalog.saw_scenes("543988", (Item("2", "Arcade"),), clock())
    await store.catalog.saw_scenes("7", (Item("3", "Menu"), Item("1", "Level 1")), clock())
    await store.projects.add(Project("Unseen", "8"), MINA, clock())
    seen = await store.overviews.of("U1")
    assert [job.id for job in seen.running] == [on.id, waiting.id]
    assert [job.id for job in seen.recent] == [done.id]
    assert seen.offers == (
        Offer(Project("Another", "7"), ("Level 1",)),
        Offer(FRUIT, ("Level 3",)),
        Offer(Project("Unseen", "8")),
    )
    assert await store.overviews.of("U2") == Overview(offers=seen.offers)
    await store.channels.saw("C1", clock(), is_public=True)
    assert await store.overviews.of("U2") == Overview(seen.running, offers=seen.offers)


async def test_long_lists_are_cut_and_counted(store: Store, clock: Clock) -> None:
    for n in range(22):
        await store.projects.add(Project(f"p{n}", str(n + 1)), MINA, clock())
    for n in range(17):
        await queued(store, clock, str(n))
    seen = await store.overviews.of("U1")
    assert (len(seen.running), seen.more_running) == (15, 2)
    assert (len(seen.offers), seen.more_offers) == (20, 2)
