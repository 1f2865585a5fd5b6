"""A schedule as it is asked for, and as its row says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from bot.builds.job import Asker
from bot.builds.schedule import Pause, Schedule
from bot.builds.schedule_command import ScheduleWanted
from bot.builds.timetable import Timetable
from bot.store.codec import asker_from, dump_person, dump_request, load_request


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """What a listener asks for. `intake_key` is the same however often Slack delivers it.

    Without `next_at` the owner's clocks are to be looked up first.
    """

    intake_key: str
    owner: Asker
    wanted: ScheduleWanted
    next_at: datetime | None


def row_of(new: NewSchedule, now: datetime) -> dict[str, object]:
    """Write the row of what is asked for."""
    owner, wanted = new.owner, new.wanted
    return {
        "intake_key": new.intake_key,
        **dump_person(owner),
        "response_url": owner.response_url if new.next_at is None else None,
        "project": wanted.request.project,
        "request": dump_request(wanted.request),
        "said": wanted.when.said,
        "cron": wanted.when.cron,
        "zone": wanted.zone,
        "if_changed": wanted.if_changed,
        "next_at": new.next_at,
        "created_at": now,
        "due_at": new.next_at or now,
    }


def schedule_from(row: RowMapping) -> Schedule:
    """Read a schedule."""
    return Schedule(
        id=row["id"],
        owner=asker_from(row),
        request=load_request(row["request"]),
        said=row["said"],
        cron=row["cron"],
        timetable=Timetable(row["cron"], row["zone"]) if row["zone"] else None,
        if_changed=row["if_changed"],
        next_at=row["next_at"],
        pause=Pause(row["pause"]) if row["pause"] else None,
        created_at=row["created_at"],
        paused_by=row["paused_by"],
        attempts=row["attempts"],
        lease_owner=row["lease_owner"],
    )
