"""A schedule: a build again and again, and what has to happen of it now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice, takewhile
from typing import Final

from bot.builds.job import Asker
from bot.builds.request import BuildRequest
from bot.builds.timetable import Timetable

STILL_WANTED: Final = timedelta(hours=1)
"""What is later than this is not built any more, only reported."""
_COUNTED: Final = 1_000


class Pause(StrEnum):
    """Why a schedule rests, in the words of a list."""

    ASKED = "someone paused it"
    CHANNEL = "its channel is gone, or closed to me"
    PROJECT = "its project was removed"
    PERSON = "who made it has left"
    RIGHT = "who made it may not build there any more"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who wants what built when, and where it is shown.

    `timetable` is None until the clocks of its owner are known, `next_at` while it is paused;
    `said` are the words of its times.
    """

    id: int
    owner: Asker
    request: BuildRequest
    said: str
    cron: str
    timetable: Timetable | None
    if_changed: bool
    next_at: datetime | None
    pause: Pause | None
    created_at: datetime
    paused_by: str | None = None
    attempts: int = 0
    lease_owner: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to do: the time that is built now, if any, and how many were missed.

    `following` is the next time after now.
    """

    run: datetime | None
    missed: int
    following: datetime


def due(timetable: Timetable, next_at: datetime, now: datetime) -> Due:
    """Decide about every time from `next_at` until now.

    Of those that are less than an hour late the last one stands for all: they would build the same.
    """
    wanted = max(next_at, now - STILL_WANTED + timedelta(microseconds=1))
    just_before = timedelta(microseconds=1)
    until_now = takewhile(lambda time: time <= now, timetable.upcoming(wanted - just_before))
    run = max(until_now, default=None)
    late = takewhile(lambda time: time < wanted, timetable.upcoming(next_at - just_before))
    return Due(run, sum(1 for _ in islice(late, _COUNTED)), timetable.after(now))
