"""Two years on the clocks of places where they are put forward and back."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest

from bot.builds.timetable import Timetable, write

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)
ZONES = ["Europe/Madrid", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe"]


def exists(local: datetime) -> bool:
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(fold=0) == local.replace(fold=0)


def daily(hour: int, minute: int, zone: str) -> list[datetime]:
    """Find each day's time by looking at the clocks, minute by minute where they skip."""
    times = []
    day = date(2025, 12, 31)
    while day < date(2028, 1, 3):
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
        while not exists(local):
            local += timedelta(minutes=1)
        times.append(local.astimezone(UTC))
        day += timedelta(days=1)
    return [time for time in times if START < time <= END]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (1, 45), (2, 15), (2, 30)])
def test_two_years_miss_no_day_and_double_none(zone: str, hour: int, minute: int) -> None:
    upcoming = Timetable(f"{minute} {hour} * * *", zone).upcoming(START)
    assert list(takewhile(lambda time: time <= END, upcoming)) == daily(hour, minute, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_asked_from_each_time_for_the_next_it_is_the_same_list(zone: str) -> None:
    timetable = Timetable("45 1 * * *", zone)
    times, now = [], START
    while (now := timetable.after(now)) <= END:
        times.append(now)
    assert times == daily(1, 45, zone)


def test_the_second_time_that_clocks_show_an_hour_brings_nothing_again() -> None:
    # On 25 October 2026 Madrid shows 02:30 at 00:30 and at 01:30 UTC.
    timetable = Timetable("30 2 * * *", "Europe/Madrid")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert timetable.after(first - timedelta(minutes=1)) == first
    between = first + timedelta(minutes=45)
    assert timetable.after(between) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_of_several_times_in_a_skipped_hour_one_is_left() -> None:
    # On 29 March 2026 Madrid has no 02:00 to 02:59.
    timetable = Timetable("0,20,40 2 * * *", "Europe/Madrid")
    before = datetime(2026, 3, 29, 0, tzinfo=UTC)
    upcoming = timetable.upcoming(before)
    assert next(upcoming) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert next(upcoming) == datetime(2026, 3, 30, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_hourly_is_every_hour_that_passes(zone: str) -> None:
    times = list(takewhile(lambda t: t <= END, Timetable("0 * * * *", zone).upcoming(START)))
    # Where half an hour is skipped or shown twice, hours of 30 and of 90 minutes pass.
    half = timedelta(minutes=30 if zone == "Australia/Lord_Howe" else 60)
    steps = {after - before for before, after in pairwise(times)}
    assert {timedelta(hours=1)} <= steps <= {half, timedelta(hours=1), 3 * half}


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Madrid", "Mon 23 Nov 08:00 CET"),
        ("America/Sao_Paulo", "Mon 23 Nov 04:00 UTC-03"),
        ("Asia/Kolkata", "Mon 23 Nov 12:30 IST"),
    ],
)
def test_a_time_is_written_as_its_place_reads_it(zone: str, words: str) -> None:
    moment = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert write(Timetable("* * * * *", zone).local(moment)) == words
