"""The scheduler: starts what is due by its timetable, once, and pauses what can't go on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import available_timezones

import structlog

from bot.builds.job import Asker
from bot.builds.pacing import back_off
from bot.builds.rights import Rights
from bot.builds.schedule import Pause, Schedule, due
from bot.builds.timetable import Timetable
from bot.playcanvas.client import PlayCanvas
from bot.slack.errors import PosterError, RefusedError
from bot.slack.messages.message import Message
from bot.slack.messages.schedules import rests, scheduled, skipped
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.new_job import NewJob
from bot.workers.permits import Permits
from bot.workers.permitted import claimed
from bot.workers.schedule_check import Look, check

log = structlog.get_logger(__name__)
_NO_ZONE = "UTC"
_MOST_TOLD = 5


class Scheduler:
    """Claims a schedule that is due, and does what is due of it.

    A job's intake key names the schedule and the time: however often one is claimed, by however
    many processes, each time starts one job.
    """

    def __init__(
        self,
        store: Store,
        playcanvas: PlayCanvas,
        permits: Permits,
        poster: Poster,
        owner: str,
        clock: Callable[[], datetime],
        *,
        patience: timedelta,
        rights: Rights,
    ) -> None:
        self._store = store
        self._playcanvas = playcanvas
        self._permits = permits
        self._poster = poster
        self._owner = owner
        self._clock = clock
        self._patience = patience
        self._rights = rights

    async def step(self, now: datetime) -> datetime | None:
        """See to one schedule; return when to come back, None for at once."""
        schedules = self._store.schedules
        schedule = await claimed(
            self._permits, schedules.next_due, schedules.claim, self._owner, now
        )
        if isinstance(schedule, datetime):
            return schedule
        with structlog.contextvars.bound_contextvars(schedule=schedule.id):
            await self._see_to(schedule, now)
        return None

    async def _see_to(self, schedule: Schedule, now: datetime) -> None:
        if schedule.timetable is None or schedule.next_at is None:
            await self._begin(schedule, now)
            return
        found = due(schedule.timetable, schedule.next_at, now)
        if found.run is not None and not await self._run(schedule, found.run):
            return  # what was missed is counted when it goes on
        if found.missed:
            told = skipped(schedule, found.missed, now)
            await self._tell(schedule, "missed", schedule.owner, told)
        await self._store.schedules.expect(schedule, schedule.timetable, found.following)

    async def _begin(self, schedule: Schedule, now: datetime) -> None:
        """Find out by whose clocks it goes, and tell the one who waits for it."""
        timetable = schedule.timetable
        if timetable is None:
            zone = await self._zone(schedule)
            if zone is None:
                await self._again(schedule)
                return
            timetable = Timetable(schedule.cron, zone)
            told = scheduled(replace(schedule, timetable=timetable), now)
            await self._tell(schedule, "begun", schedule.owner, told)
        await self._store.schedules.expect(schedule, timetable, timetable.after(now))

    async def _zone(self, schedule: Schedule) -> str | None:
        """Read the owner's zone in Slack; None when Slack does not say now."""
        try:
            zone = (await self._poster.person(schedule.owner.user_id)).zone
        except RefusedError as error:
            log.warning("no zone", code=error.code)
            return _NO_ZONE
        except PosterError as error:
            log.warning("no zone yet", detail=str(error))
            return None
        return zone if zone in available_timezones() else _NO_ZONE

    async def _run(self, schedule: Schedule, at: datetime) -> bool:
        """Start the build of one time if it is wanted; False when it stays due, or rests."""
        now = self._clock()
        checked = await check(
            self._store, self._playcanvas, self._poster, schedule, self._rights, now
        )
        match checked:
            case Pause():
                await self._rest(schedule, checked)
                return False
            case Look.NO_ANSWER:
                await self._again(schedule)
                return False
            case Look.BUILD:
                key = f"schedule/{schedule.id}/{at.isoformat()}"
                owner = replace(schedule.owner, response_url=None)
                new = NewJob(key, schedule.request, owner, self._patience, anyway=True)
                added = await self._store.jobs.add(new, now)
                log.info("scheduled build", job=added.id, repeated=added.repeated)
        return True

    async def _again(self, schedule: Schedule) -> None:
        until = self._clock() + back_off(schedule.attempts)
        await self._store.schedules.postpone(schedule, until)

    async def _rest(self, schedule: Schedule, why: Pause) -> None:
        log.warning("schedule paused", why=why)
        for user_id in await self._concerned(schedule, why):
            told = replace(schedule.owner, user_id=user_id)
            await self._tell(schedule, f"rests/{user_id}", told, rests(schedule, why))
        await self._store.schedules.rest(schedule, why)

    async def _concerned(self, schedule: Schedule, why: Pause) -> list[str]:
        """List whom to tell: admins, and the owner where they are still there."""
        members = await self._store.groups.members(self._clock())
        admins = set().union(*(members.get(each, {each}) for each in self._rights.admins))
        people = sorted(each for each in admins if each not in self._rights.groups)
        owner = [] if why is Pause.PERSON else [schedule.owner.user_id]
        return list(dict.fromkeys([*people[:_MOST_TOLD], *owner]))

    async def _tell(self, schedule: Schedule, what: str, whom: Asker, told: Message) -> None:
        """Write to someone, once for each time the schedule is due."""
        at = schedule.next_at or schedule.created_at
        key = f"schedule/{schedule.id}/{what}/{at.isoformat()}"
        there = whom if what == "begun" else replace(whom, channel_id="", response_url=None)
        await self._store.whispers.add(key, there, told.arguments(), self._clock())
