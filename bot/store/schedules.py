"""Schedules in the database: due one after the other, claimed by one at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Update,
    delete,
    func,
    select,
    update,
)

from bot.builds.audit import Act
from bot.builds.job import Asker
from bot.builds.request import BuildRequest
from bot.builds.schedule import Pause, Schedule
from bot.builds.timetable import Timetable
from bot.store import leases
from bot.store.audit import Deed, note
from bot.store.engine import Database
from bot.store.once import insert_new
from bot.store.schedule import NewSchedule, row_of, schedule_from
from bot.store.tables import schedules
from bot.store.topics import SCHEDULE

# Two calls to Slack and one to PlayCanvas are made under it.
LEASE = timedelta(seconds=55)
_CLAIM = leases.claiming(schedules)
MOST = 20
"""In one channel: a list of them has to fit into one message."""
_RESTING: dict[str, object] = {"next_at": None, "due_at": None}


class Schedules:
    """The one door to the schedules; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring

    async def add(self, new: NewSchedule, now: datetime) -> Schedule | None:
        """Keep a schedule, a repeat finds the first; None when the channel has no room for it."""
        insertion = insert_new(self._database.dialect, schedules).values(row_of(new, now))
        same = select(schedules).where(schedules.c.intake_key == new.intake_key)
        many = select(func.count()).where(schedules.c.channel_id == new.owner.channel_id)

        def change(connection: Connection) -> Schedule | None:
            kept = connection.execute(same).mappings().one_or_none()
            if kept is None and (connection.scalar(many) or 0) >= MOST:
                return None
            if connection.execute(insertion).rowcount:
                deed = _deed(Act.SCHEDULED, new.owner, new.wanted.request)
                note(connection, [deed], now)
            return schedule_from(connection.execute(same).mappings().one())

        found = await self._database.at_once(change)
        self._ring(SCHEDULE)
        return found

    async def get(self, schedule_id: int) -> Schedule | None:
        """Read a schedule as it is now."""
        query = select(schedules).where(schedules.c.id == schedule_id)
        rows = await self._database.rows(query)
        return schedule_from(rows[0]) if rows else None

    async def of(self, channel_id: str) -> tuple[Schedule, ...]:
        """List the schedules of a channel."""
        query = select(schedules).where(schedules.c.channel_id == channel_id)
        rows = await self._database.rows(query.order_by(schedules.c.id))
        return tuple(schedule_from(row) for row in rows)

    async def next_due(self) -> datetime | None:
        """Say when the next schedule can be claimed; a lease postpones it."""
        return await leases.next_due(self._database, schedules)

    async def claim(self, owner: str, now: datetime) -> Schedule | None:
        """Take the lease of the schedule that is most due."""
        row = await leases.claim(self._database, _CLAIM, owner, now, LEASE)
        return schedule_from(row) if row else None

    async def expect(self, schedule: Schedule, timetable: Timetable, next_at: datetime) -> bool:
        """Go on to the next time; False when someone else took over, or it is gone."""
        values = {"zone": timetable.zone, "next_at": next_at, "due_at": next_at}
        return await self._settle(schedule, values | {"attempts": 0, "response_url": None})

    async def postpone(self, schedule: Schedule, until: datetime) -> bool:
        """Try this time again later."""
        return await self._settle(schedule, {"due_at": until, "attempts": schedule.attempts + 1})

    async def rest(self, schedule: Schedule, why: Pause) -> bool:
        """Pause what cannot be built any more."""
        return await self._settle(schedule, {"pause": why, "response_url": None} | _RESTING)

    async def pause(self, schedule: Schedule, by: Asker, now: datetime) -> bool:
        """Pause one for a person; False when it rests already or is gone."""
        running = update(schedules).where(_is(schedule), schedules.c.pause.is_(None))
        # A worker that has it in hand finds that it has been taken away.
        values = {"pause": Pause.ASKED, "paused_by": by.user_id, **_RESTING, **leases.GIVEN_BACK}
        return await self._done(running.values(values), Act.PAUSED, schedule, by, now)

    async def resume(
        self, schedule: Schedule, next_at: datetime | None, by: Asker, now: datetime
    ) -> bool:
        """Let one go on; False when it runs already or is gone."""
        resting = update(schedules).where(_is(schedule), schedules.c.pause.is_not(None))
        values = {
            "pause": None,
            "paused_by": None,
            "next_at": next_at,
            "due_at": next_at or now,
            "attempts": 0,
        }
        resumed = await self._done(resting.values(values), Act.RESUMED, schedule, by, now)
        self._ring(SCHEDULE)
        return resumed

    async def remove(self, schedule: Schedule, by: Asker, now: datetime) -> bool:
        """Forget one; False when it is gone already."""
        gone = delete(schedules).where(_is(schedule))
        return await self._done(gone, Act.UNSCHEDULED, schedule, by, now)

    async def _done(
        self, change: Update | Delete, act: Act, schedule: Schedule, by: Asker, now: datetime
    ) -> bool:
        """Write what a person did to a schedule, and that they did, if it was not so already."""

        def do(connection: Connection) -> bool:
            if not connection.execute(change).rowcount:
                return False
            note(connection, [_deed(act, by, schedule.request)], now)
            return True

        return await self._database.at_once(do)

    async def _settle(self, schedule: Schedule, values: dict[str, object]) -> bool:
        held = leases.held(schedules, schedule.id, schedule.lease_owner)
        return await leases.settle(self._database, held, values)


def _is(schedule: Schedule) -> ColumnElement[bool]:
    return schedules.c.id == schedule.id


def _deed(act: Act, by: Asker, request: BuildRequest) -> Deed:
    return Deed(act, by, ", ".join(request.scenes[:3]), request.project)
