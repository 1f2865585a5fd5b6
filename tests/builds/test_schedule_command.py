"""What follows `/builds schedule`, as people type it."""

import pytest

from bot.builds.projects import Known, Project
from bot.builds.schedule_command import ScheduleWanted, read_schedule
from bot.builds.usage import MisuseError
from bot.builds.words import split

KNOWN = Known((Project("fruit", "543988"),))


def read(text: str) -> ScheduleWanted:
    return read_schedule(split(text), KNOWN)


@pytest.mark.parametrize(
    ("typed", "cron", "said"),
    [
        ("daily 23:30", "30 23 * * *", "daily 23:30"),
        ("weekdays 08:00", "0 8 * * 1-5", "weekdays 08:00"),
        ("Weekends 8am", "0 8 * * 0,6", "weekends 08:00"),
        ("mon,thu 9:05", "5 9 * * 1,4", "mon,thu 09:05"),
        ("Mon-Fri 12:30am", "30 0 * * 1,2,3,4,5", "mon-fri 00:30"),
        ("fri-mon 12pm", "0 12 * * 0,1,5,6", "fri-mon 12:00"),
        ("tuesdays 8.15pm", "15 20 * * 2", "tuesdays 20:15"),
        ("hourly", "0 * * * *", "hourly"),
        ('"30 7 * * 1-5"', "30 7 * * 1-5", "“30 7 * * 1-5”"),
        ("“0 8 * * 1–5”", "0 8 * * 1-5", "“0 8 * * 1-5”"),
        ("every day at 8 am", "0 8 * * *", "daily 08:00"),
        ("08h30 daily", "30 8 * * *", "daily 08:30"),
        ("every weekday at noon", "0 12 * * 1-5", "weekday 12:00"),
        ("weekly on Monday 9 p.m.", "0 21 * * 1", "monday 21:00"),
        ("mon–fri 08:00", "0 8 * * 1,2,3,4,5", "mon-fri 08:00"),
        ("Mon – Wed, fri and sun 08:00", "0 8 * * 0,1,2,3,5", "mon-wed,fri,sun 08:00"),
        ("mon, at 08:00", "0 8 * * 1", "mon 08:00"),
        ("Every hour", "0 * * * *", "hourly"),
        ("“*/20  8-18 * * MON”", "*/20 8-18 * * MON", "“*/20 8-18 * * MON”"),
    ],
)
def test_a_timetable_is_read_as_it_is_said(typed: str, cron: str, said: str) -> None:
    wanted = read(f'fruit "Level 3" {typed} Europe/Madrid')
    assert (wanted.when.cron, wanted.when.said) == (cron, said)
    assert wanted.zone == "Europe/Madrid"
    assert (wanted.request.project, wanted.request.scenes) == ("543988", ("Level 3",))


def test_the_rest_of_the_line_is_as_for_a_build() -> None:
    wanted = read("fruit Menu 'Level 3' branch=dev hourly version=1.4 if-changed utc")
    assert wanted.request.scenes == ("Menu", "Level 3")
    assert (wanted.request.branch, wanted.request.options.version) == ("dev", "1.4")
    assert (wanted.if_changed, wanted.zone) == (True, "UTC")


@pytest.mark.parametrize(
    "said", ["if-changed", "only if changed", "–if–changed", "if_changed", "if-changed=yes"]
)
def test_only_if_changed_is_said_in_many_ways(said: str) -> None:
    wanted = read(f"fruit Menu Every {said} daily 08:00 Europe/Madrid")
    assert wanted.if_changed
    assert wanted.request.scenes == ("Menu", "Every"), "a name is left as it is"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("EUROPE/madrid", "Europe/Madrid"),
        ("madrid", "Europe/Madrid"),
        ("America/Sao Paulo", "America/Sao_Paulo"),
        ("in (Asia/Kolkata)", "Asia/Kolkata"),
        ("cet", "CET"),
    ],
)
def test_a_zone_is_named_in_many_ways(typed: str, zone: str) -> None:
    assert read(f"fruit Menu daily 08:00 {typed}").zone == zone


@pytest.mark.parametrize(
    ("typed", "problem", "meant"),
    [
        ("08:00", "On which days?", "daily 08:00"),
        ("nightly 23:30", "On which days?", "daily 23:30"),
        ("dayly 08:00 if-changed", "Did you mean daily?", "daily 08:00 if-changed"),
        ('"daily at 08:00"', "Leave out the quotes", "daily 08:00"),
        ("0 8 * * 1-5 UTC", "in quotes", '"0 8 * * 1-5" UTC'),
        ("every 2 hours", "in cron", '"0 */2 * * *"'),
    ],
)
def test_what_was_probably_meant_can_be_pasted(typed: str, problem: str, meant: str) -> None:
    with pytest.raises(MisuseError) as told:
        read(f'fruit "Level 3" {typed}')
    assert problem in told.value.error.problem
    assert told.value.error.hint == f'schedule fruit "Level 3" {meant}'


def test_without_a_zone_the_askers_own_counts() -> None:
    assert read("fruit Menu hourly").zone is None
    assert not read("fruit Menu hourly").if_changed


def test_a_scene_that_is_called_like_a_day_is_quoted() -> None:
    assert read('fruit "daily" "mon" hourly').request.scenes == ("daily", "mon")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "When?"),
        ("fruit Menu", "When?"),
        ("fruit Menu daily", "At what time?"),
        ("fruit Menu daily Europe/Madrid", "At what time?"),
        ("fruit Menu daily 8", "At what time?"),
        ("fruit Menu daily 24:00", "“24:00” is no time of day"),
        ("fruit Menu daily 08:60", "“08:60” is no time of day"),
        ("fruit Menu daily 0am", "“0am” is no time of day"),
        ("fruit Menu daily 13pm", "“13pm” is no time of day"),
        ("fruit Menu daily 08:00 Europe/Madird", "Did you mean Europe/Madrid"),
        ("fruit Menu daily 08:00 PST", "“PST” is no time zone"),
        ("fruit Menu daily 08:00 UTC+2", "An offset knows no summer time"),
        ("fruit Menu daily 08:00 louisville", "America/Kentucky/Louisville"),
        ("fruit Menu daily 08:00 factory", "“factory” is no time zone"),
        ("fruit Menu daily 08:00 Europe/Madrid Other", "is no time zone"),
        ("fruit Menu daily 08:00 and 20:00", "one time too many"),
        ("fruit Menu lunes 08:00", "On which days?"),
        ('fruit Menu "0 8 * *"', "five fields"),
        ("delete 3", "has buttons for that"),
        ('fruit Menu "99 7 * * *"', "its minute is wrong"),
        ('fruit Menu "0 0 30 2 *"', "never comes"),
        ("fruit hourly", "Which scene?"),
        ("hourly fruit", "When?"),
        ("nothing Menu hourly", "neither the id of a project nor a short name"),
        ("fruit Menu hourly colour=red", "colour"),
    ],
)
def test_what_cannot_be_read_is_told(typed: str, problem: str) -> None:
    with pytest.raises(MisuseError) as told:
        read(typed)
    assert problem in told.value.error.problem
