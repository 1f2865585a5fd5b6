from dataclasses import replace
from datetime import timedelta

from bot.builds.audit import Act, AuditListing
from bot.builds.job import Asker
from bot.builds.request import BuildRequest
from bot.builds.schedule import Pause, Schedule
from bot.builds.schedule_command import ScheduleWanted
from bot.builds.timetable import Timetable
from bot.builds.timetable_words import When
from bot.store import Store
from bot.store.schedule import NewSchedule
from bot.store.schedules import LEASE, MOST
from tests.clock import NOON, Clock, Rung

OWNER = Asker("T1", "C1", "U1", "https://hooks.example/1")
ADMIN = Asker("T1", "C1", "U2")
WANTED = ScheduleWanted(BuildRequest("1", ("Menu",)), When("0 13 * * *", "daily 13:00"), "UTC")
HOUR = timedelta(hours=1)


async def kept(store: Store, key: str = "key", channel: str = "C1") -> Schedule:
    new = NewSchedule(key, replace(OWNER, channel_id=channel), WANTED, NOON + HOUR)
    schedule = await store.schedules.add(new, NOON)
    assert schedule is not None
    return schedule


async def trail(store: Store) -> list[tuple[Act, str]]:
    page = await store.audit.page(AuditListing(), OWNER, NOON, everything=True)
    return [(entry.act, entry.user_id) for entry in reversed(page.entries)]


async def test_a_schedule_is_kept_once_with_all_that_was_said(
    store: Store, clock: Clock, rung: Rung
) -> None:
    first, again = await kept(store), await kept(store)
    assert first == again
    assert rung.topics[0] == "schedule"
    assert (first.request, first.said, first.if_changed) == (WANTED.request, "daily 13:00", False)
    assert (first.timetable, first.next_at) == (Timetable("0 13 * * *", "UTC"), NOON + HOUR)
    assert first.owner == replace(OWNER, response_url=None), "nothing is answered later"
    assert await store.schedules.of("C1") == (first,)
    assert await store.schedules.of("C2") == ()
    assert await trail(store) == [(Act.SCHEDULED, "U1")]
    assert await store.schedules.claim("me", clock()) is None


async def test_a_channel_has_room_for_so_many(store: Store) -> None:
    for n in range(MOST):
        await kept(store, f"key-{n}")
    new = NewSchedule("one more", OWNER, WANTED, NOON + HOUR)
    assert await store.schedules.add(new, NOON) is None
    assert await kept(store, "key-0"), "a repeat is none more"
    assert await kept(store, "elsewhere", "C2")


async def test_one_claims_it_and_whoever_was_slow_writes_nothing(
    store: Store, clock: Clock
) -> None:
    await kept(store)
    clock.advance(3600)
    slow = await store.schedules.claim("slow", clock())
    assert await store.schedules.claim("other", clock()) is None
    clock.now += LEASE + timedelta(seconds=1)
    quick = await store.schedules.claim("quick", clock())
    assert slow is not None
    assert quick is not None
    assert quick.timetable is not None
    assert not await store.schedules.expect(slow, quick.timetable, NOON)
    assert await store.schedules.expect(quick, quick.timetable, NOON + 25 * HOUR)
    assert await store.schedules.next_due() == NOON + 25 * HOUR


async def test_what_a_person_pauses_is_taken_out_of_a_workers_hand(
    store: Store, clock: Clock
) -> None:
    schedule = await kept(store)
    clock.advance(3600)
    held = await store.schedules.claim("me", clock())
    assert held is not None
    assert await store.schedules.pause(schedule, ADMIN, clock())
    assert not await store.schedules.pause(schedule, ADMIN, clock())
    assert not await store.schedules.postpone(held, clock())
    paused = await store.schedules.get(schedule.id)
    assert paused is not None
    assert (paused.pause, paused.paused_by) == (Pause.ASKED, "U2")
    assert await store.schedules.next_due() is None
    assert await store.schedules.resume(schedule, NOON + 25 * HOUR, OWNER, clock())
    assert not await store.schedules.resume(schedule, NOON, OWNER, clock())
    assert await store.schedules.next_due() == NOON + 25 * HOUR
    assert await trail(store) == [
        (Act.SCHEDULED, "U1"),
        (Act.PAUSED, "U2"),
        (Act.RESUMED, "U1"),
    ]


async def test_it_rests_and_is_forgotten(store: Store, clock: Clock) -> None:
    await kept(store)
    clock.advance(3600)
    held = await store.schedules.claim("me", clock())
    assert held is not None
    assert await store.schedules.rest(held, Pause.PROJECT)
    assert not await store.schedules.rest(held, Pause.PERSON)
    [resting] = await store.schedules.of("C1")
    assert resting.pause is Pause.PROJECT
    assert await store.schedules.remove(resting, ADMIN, clock())
    assert not await store.schedules.remove(resting, ADMIN, clock())
    assert await store.schedules.get(resting.id) is None
    assert (await trail(store))[-1] == (Act.UNSCHEDULED, "U2")
