"""What is due of a timetable, however late it is looked at."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.builds.schedule import STILL_WANTED, due
from bot.builds.timetable import Timetable
from tests.clock import NOON

HOURLY = Timetable("0 * * * *", "UTC")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_on_time_it_is_built() -> None:
    found = due(HOURLY, NOON, NOON)
    assert (found.run, found.missed, found.following) == (NOON, 0, NOON + HOUR)


def test_before_its_time_nothing_is() -> None:
    found = due(HOURLY, NOON, NOON - MINUTE)
    assert (found.run, found.missed, found.following) == (None, 0, NOON)


def test_less_than_an_hour_late_it_is_built_at_once() -> None:
    daily = Timetable("0 12 * * *", "UTC")
    late = NOON + STILL_WANTED - timedelta(seconds=1)
    assert due(daily, NOON, late).run == NOON
    found = due(daily, NOON, NOON + STILL_WANTED)
    assert (found.run, found.missed) == (None, 1)


def test_after_a_long_absence_the_last_one_stands_for_all() -> None:
    found = due(HOURLY, NOON, NOON + 5 * HOUR + 30 * MINUTE)
    assert (found.run, found.missed) == (NOON + 5 * HOUR, 5)
    often = Timetable("*/10 * * * *", "UTC")
    found = due(often, NOON, NOON + 35 * MINUTE)
    assert (found.run, found.missed) == (NOON + 30 * MINUTE, 0)


@given(st.integers(0, 400), st.sampled_from(["0 * * * *", "*/7 * * * *", "15 9 * * 1-5"]))
def test_every_time_is_built_missed_or_stood_for(minutes: int, cron: str) -> None:
    timetable, now = Timetable(cron, "Australia/Lord_Howe"), NOON + minutes * MINUTE
    first = timetable.after(NOON - timedelta(days=1))
    found = due(timetable, first, now)
    assert found.following > now
    times = _until(timetable, first, now)
    wanted = [time for time in times if now - time < STILL_WANTED]
    assert found.missed == len(times) - len(wanted)
    assert found.run == (wanted[-1] if wanted else None)


def _until(timetable: Timetable, first: datetime, now: datetime) -> list[datetime]:
    times = [first]
    while (following := timetable.after(times[-1])) <= now:
        times.append(following)
    return [time for time in times if time <= now]
