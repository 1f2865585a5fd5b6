"""Schedules as people make and steer them, in the whole bot."""

from datetime import timedelta

from bot.builds.job import JobState
from bot.sandbox.slack.demo import BUILDS, PROGRAMMER, TESTER
from bot.sandbox.slack.messages import Message
from bot.slack.messages.schedules import PAUSE, REMOVE, RESUME, RUN
from tests.flows.flows_stage import Stage, eventually


def the_list(stage: Stage) -> Message:
    """The one answer that lists them; each press changes it where it stands."""
    answers = stage.sandbox.slack.core.posting.ephemerals.values()
    [found] = [each for each in answers if "cheduled in this channel" in each.text]
    return found


async def test_it_is_made_listed_paused_run_and_deleted(stage: Stage) -> None:
    slack = stage.sandbox.slack
    await stage.say('/builds schedule 543988 "Level 3" daily 23:30 Asia/Kolkata')
    assert stage.told()[0].startswith(
        "Scheduled: project 543988 · Level 3, daily 23:30 Asia/Kolkata.\nNext: "
    )
    await stage.say("/builds schedules")
    await slack.press(PROGRAMMER, the_list(stage).ts, PAUSE)
    await eventually(lambda: f"Paused: by <@{PROGRAMMER}>." in the_list(stage).text)
    await slack.press(PROGRAMMER, the_list(stage).ts, RUN)
    await stage.reaches(JobState.READY)
    await slack.press(PROGRAMMER, the_list(stage).ts, RESUME)
    await eventually(lambda: "Paused" not in the_list(stage).text)
    await slack.press(PROGRAMMER, the_list(stage).ts, REMOVE)
    await eventually(lambda: the_list(stage).text.startswith("Nothing is scheduled"))
    assert await stage.app.store.schedules.of(BUILDS) == ()
    assert stage.failures() == []


async def test_its_time_comes_in_the_channel_by_the_clocks_of_its_owner(stage: Stage) -> None:
    await stage.say('/builds schedule 543988 "Level 3" "* * * * *"')
    assert "Looking up the time zone" in stage.told()[0]
    await eventually(lambda: "Europe/Madrid" in stage.told()[-1])
    [schedule] = await stage.app.store.schedules.of(BUILDS)
    assert schedule.timetable is not None
    last = schedule.timetable.after(stage.now() - timedelta(minutes=1))
    assert await stage.app.store.schedules.expect(schedule, schedule.timetable, last)
    stage.app.bells.ring("schedule")
    await stage.reaches(JobState.READY)
    await eventually(lambda: len(stage.replies()) == 1)
    assert stage.one_reply().text.startswith(f"<@{PROGRAMMER}> #1 is ready")
    await stage.say("/builds schedules", user=TESTER)
    assert "Next: " in stage.told(TESTER)[-1]
