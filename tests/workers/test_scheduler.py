"""Schedules kept by the clock: each time once, whatever happens around it."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.builds.job import Asker, JobState
from bot.builds.outcome import Ready
from bot.builds.projects import Project
from bot.builds.request import BuildRequest
from bot.builds.rights import Rights
from bot.builds.schedule import Pause, Schedule
from bot.builds.schedule_command import ScheduleWanted
from bot.builds.timetable import Timetable
from bot.builds.timetable_words import When
from bot.builds.transition import end
from bot.sandbox.faults import Answer
from bot.sandbox.playcanvas.world import Checkpoint
from bot.sandbox.slack.demo import BUILDS, PRODUCER, PROGRAMMER, TESTER
from bot.store.schedule import NewSchedule
from bot.store.schedules import LEASE
from bot.store.tables import jobs, whispers
from bot.workers.scheduler import Scheduler
from tests.workers.workers_room import LEVEL_3, PATIENCE, Workshop

MADRID = "Europe/Madrid"
DAILY = ScheduleWanted(LEVEL_3, When("0 14 * * *", "daily 14:00"), MADRID)
FIRST = datetime(2026, 11, 21, 13, tzinfo=UTC)  # an hour from now
DAY = timedelta(days=1)


def scheduler(
    shop: Workshop,
    owner: str = "scheduler",
    admins: tuple[str, ...] = (),
    people: tuple[str, ...] = (),
) -> Scheduler:
    permits = shop.permits()
    return Scheduler(
        shop.store,
        shop.playcanvas(permits),
        permits,
        shop.poster(),
        owner,
        shop.clock,
        patience=PATIENCE,
        rights=Rights(people=frozenset(people), admins=frozenset(admins)),
    )


async def scheduled(shop: Workshop, wanted: ScheduleWanted = DAILY, key: str = "key") -> Schedule:
    owner = Asker(shop.house.slack.workspace.team_id, BUILDS, PROGRAMMER)
    zone = wanted.zone
    next_at = Timetable(wanted.when.cron, zone).after(shop.clock()) if zone else None
    kept = await shop.store.schedules.add(NewSchedule(key, owner, wanted, next_at), shop.clock())
    assert kept is not None
    return kept


async def run(shop: Workshop, worker: Scheduler) -> None:
    """Do all there is to do now."""
    while await worker.step(shop.clock()) is None:
        pass


async def started(shop: Workshop) -> list[datetime]:
    rows = await shop.store.database.rows(select(jobs.c.accepted_at).order_by(jobs.c.id))
    return [row["accepted_at"] for row in rows]


async def told(shop: Workshop) -> list[tuple[str, str, str]]:
    """Who is told what where, by whisper."""
    rows = await shop.store.database.rows(select(whispers).order_by(whispers.c.id))
    return [(row["user_id"], row["channel_id"], json.loads(row["message"])["text"]) for row in rows]


async def test_it_is_built_at_its_time_and_not_before(shop: Workshop) -> None:
    await scheduled(shop)
    worker = scheduler(shop)
    assert await worker.step(shop.clock()) == FIRST
    for day in range(3):
        shop.clock.now = FIRST + day * DAY
        await run(shop, worker)
    assert await started(shop) == [FIRST, FIRST + DAY, FIRST + 2 * DAY]
    job = await shop.job(1)
    assert (job.request, job.state) == (LEVEL_3, JobState.ACCEPTED)
    assert (job.asker.channel_id, job.asker.user_id) == (BUILDS, PROGRAMMER)
    assert await told(shop) == []


@pytest.mark.parametrize(
    ("zone", "eve", "times"),
    [
        ("Europe/Madrid", datetime(2027, 3, 27, tzinfo=UTC), ["27 02:15", "28 03:00", "29 02:15"]),
        ("Europe/Madrid", datetime(2027, 10, 30, tzinfo=UTC), ["30 02:15", "31 02:15", "01 02:15"]),
        (
            "Australia/Lord_Howe",
            datetime(2027, 10, 1, 15, tzinfo=UTC),
            ["02 02:15", "03 02:30", "04 02:15"],
        ),
    ],
)
async def test_when_the_clocks_change_each_day_has_one(
    shop: Workshop, zone: str, eve: datetime, times: list[str]
) -> None:
    shop.clock.now = eve
    daily = Timetable("15 2 * * *", zone)
    await scheduled(shop, ScheduleWanted(LEVEL_3, When(daily.cron, "daily 02:15"), zone))
    worker = scheduler(shop)
    while shop.clock.now < eve + timedelta(hours=70):
        if again := await worker.step(shop.clock()):
            shop.clock.now = again
    assert [f"{daily.local(at):%d %H:%M}" for at in await started(shop)] == times


async def test_two_workers_start_it_once(shop: Workshop) -> None:
    for n in range(5):
        await scheduled(shop, key=f"key-{n}")
    shop.clock.now = FIRST
    await asyncio.gather(*(run(shop, scheduler(shop, f"s{n}")) for n in range(3)))
    assert len(await started(shop)) == 5


async def test_killed_after_the_start_it_is_not_started_again(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scheduled(shop)
    shop.clock.now = FIRST

    async def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(shop.store.schedules, "expect", killed)
        with pytest.raises(KeyboardInterrupt):
            await scheduler(shop, "first").step(shop.clock())
    shop.clock.now = FIRST + LEASE + timedelta(seconds=1)
    await run(shop, scheduler(shop, "second"))
    assert len(await started(shop)) == 1
    assert await scheduler(shop).step(shop.clock()) == FIRST + DAY


async def test_what_was_missed_for_long_is_reported_in_one_line(shop: Workshop) -> None:
    await scheduled(shop)
    shop.clock.now = FIRST + DAY + timedelta(minutes=59)
    await run(shop, scheduler(shop))
    assert await started(shop) == [shop.clock()]
    [(user, channel, words)] = await told(shop)
    assert (user, channel) == (PROGRAMMER, "")
    assert "I was away: skipped project 543988 · Level 3 once. Next: Mon 23 Nov 14:00 CET" in words
    assert "\n" not in words


async def test_if_changed_builds_only_what_is_new(shop: Workshop) -> None:
    await scheduled(shop, replace(DAILY, if_changed=True))
    shop.clock.now = FIRST
    await run(shop, scheduler(shop))
    await shop.do(shop.resolver())
    await shop.do(shop.submitter())
    claimed = await shop.store.jobs.claim(JobState.RUNNING, "me", shop.clock.advance(600))
    assert claimed is not None
    done = end(claimed, Ready("https://x.example/z"))
    assert await shop.store.jobs.record(claimed, done, shop.clock())
    shop.clock.now = FIRST + DAY
    await run(shop, scheduler(shop))
    assert len(await started(shop)) == 1, "nothing is new"
    assert await told(shop) == []
    branch = shop.house.playcanvas.world.projects[0].branches[0]
    branch.checkpoints.insert(0, Checkpoint("new", "Jump higher", shop.clock(), "Ann Orak"))
    shop.clock.now = FIRST + 2 * DAY
    await run(shop, scheduler(shop))
    assert len(await started(shop)) == 2


async def test_while_nobody_knows_whether_it_changed_it_is_asked_again(shop: Workshop) -> None:
    await scheduled(shop, replace(DAILY, if_changed=True))
    shop.house.playcanvas.faults.add(times=None, act=Answer(503))
    shop.clock.now = FIRST
    worker = scheduler(shop)
    await run(shop, worker)
    assert await started(shop) == []
    shop.house.playcanvas.faults.clear()
    shop.clock.advance(60)
    await run(shop, worker)
    assert len(await started(shop)) == 1


async def test_hours_without_an_answer_are_told_once_and_all(shop: Workshop) -> None:
    hourly = replace(DAILY, when=When("0 * * * *", "hourly"), if_changed=True)
    await scheduled(shop, hourly)
    shop.house.playcanvas.faults.add(times=None, act=Answer(503))
    worker = scheduler(shop)
    for minutes in range(0, 200, 40):
        shop.clock.now = FIRST + timedelta(minutes=minutes)
        await run(shop, worker)
    assert await told(shop) == []
    shop.house.playcanvas.faults.clear()
    shop.clock.now = FIRST + timedelta(minutes=200)
    await run(shop, worker)
    assert len(await started(shop)) == 1
    [(_, _, words)] = await told(shop)
    assert words.startswith("I got no answer in time: skipped project 543988 · Level 3 3 times.")


async def test_a_pause_that_playcanvas_asks_for_delays_it_and_loses_nothing(shop: Workshop) -> None:
    await scheduled(shop)
    shop.clock.now = FIRST
    await shop.permits().cool(FIRST + timedelta(hours=3))
    worker = scheduler(shop)
    opens_at = await worker.step(shop.clock())
    assert opens_at is not None
    assert FIRST < opens_at <= FIRST + timedelta(minutes=2), "a pause ends, whatever was said"
    shop.clock.now = opens_at
    await run(shop, worker)
    assert await started(shop) == [opens_at]
    assert await told(shop) == []


async def test_a_schedule_whose_channel_is_gone_pauses_and_tells_an_admin(shop: Workshop) -> None:
    kept = await scheduled(shop)
    shop.house.slack.workspace.channels[BUILDS].is_archived = True
    shop.clock.now = FIRST
    await run(shop, scheduler(shop, admins=(PRODUCER,)))
    assert await started(shop) == []
    after = await shop.store.schedules.get(kept.id)
    assert after is not None
    assert (after.pause, after.next_at) == (Pause.CHANNEL, None)
    assert [user for user, _, _ in await told(shop)] == [PRODUCER, PROGRAMMER]


async def test_who_has_left_is_not_told(shop: Workshop) -> None:
    await scheduled(shop)
    shop.house.slack.workspace.users[PROGRAMMER].has_left = True
    await shop.store.groups.saw("S0LEADS0001", frozenset({TESTER}), FIRST)
    shop.clock.now = FIRST
    await run(shop, scheduler(shop, admins=("S0LEADS0001",)))
    assert [user for user, _, _ in await told(shop)] == [TESTER]
    assert "who made it has left" in (await told(shop))[0][2]


async def test_a_removed_project_pauses_it(shop: Workshop) -> None:
    by = Asker("T1", BUILDS, PROGRAMMER)
    project = Project("fruit", "543988")
    await shop.store.projects.add(project, by, shop.clock())
    named = replace(DAILY, request=replace(LEVEL_3, alias="fruit"))
    foreign = replace(DAILY, request=BuildRequest("999999", ("Main",)))
    one, other = await scheduled(shop, named), await scheduled(shop, foreign, "other")
    await shop.store.projects.remove("fruit", by, shop.clock())
    shop.clock.now = FIRST
    await run(shop, scheduler(shop))
    for kept in (one, other):
        after = await shop.store.schedules.get(kept.id)
        assert after is not None
        assert after.pause is Pause.PROJECT
    assert await started(shop) == []


async def test_without_a_zone_the_owners_clocks_count(shop: Workshop) -> None:
    kept = await scheduled(shop, replace(DAILY, zone=None))
    await run(shop, scheduler(shop))
    after = await shop.store.schedules.get(kept.id)
    assert after is not None
    assert (after.timetable, after.next_at) == (Timetable("0 14 * * *", MADRID), FIRST)
    [(user, channel, words)] = await told(shop)
    assert (user, channel) == (PROGRAMMER, BUILDS)
    assert "Next: Sat 21 Nov 14:00 CET, then Sun 22 Nov 14:00 CET" in words


async def test_who_may_not_build_there_any_more_is_told_and_it_rests(shop: Workshop) -> None:
    kept = await scheduled(shop)
    shop.clock.now = FIRST
    group = "S0LEADS0001"
    unknown = scheduler(shop, people=(group,))
    await run(shop, unknown)  # who is in the group is not known yet
    assert await unpaused(shop, kept)
    await shop.store.groups.saw(group, frozenset({PROGRAMMER}), FIRST)
    shop.clock.advance(60)
    await run(shop, unknown)
    assert len(await started(shop)) == 1
    shop.clock.now = FIRST + DAY
    await run(shop, scheduler(shop, people=(TESTER,), admins=(PRODUCER,)))
    assert len(await started(shop)) == 1
    after = await shop.store.schedules.get(kept.id)
    assert after is not None
    assert after.pause is Pause.RIGHT
    assert [user for user, _, _ in await told(shop)] == [PRODUCER, PROGRAMMER]
    assert "who made it may not build there any more" in (await told(shop))[0][2]


async def unpaused(shop: Workshop, kept: Schedule) -> bool:
    after = await shop.store.schedules.get(kept.id)
    return after is not None and after.pause is None
