"""Schedules: the answer to a new one, the list of a channel's, and what their owner is told."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.builds.schedule import Pause, Schedule
from bot.builds.timetable import Timetable, write
from bot.builds.timetable_words import HOURLY
from bot.slack.messages.message import Message, message
from bot.slack.messages.sections import section
from bot.slack.messages.words import name

PAUSE = "schedule_pause"
RESUME = "schedule_resume"
RUN = "schedule_run"
REMOVE = "schedule_remove"
_SHOWN_SCENES = 3


def scheduled(schedule: Schedule, now: datetime) -> Message:
    """Confirm a schedule with its next two times."""
    if schedule.timetable is None:
        return message(f"Scheduled: {_what(schedule)}. Looking up the time zone you are in …")
    return message(f"Scheduled: {_what(schedule)}.\n{_next(schedule.timetable, now)}")


def too_many(most: int) -> Message:
    """Say that a channel has as many as it can."""
    return message(
        f"This channel has {most} schedules; no more fit. Delete one: `/builds schedules`"
    )


def listing(schedules: Sequence[Schedule], now: datetime) -> Message:
    """List a channel's schedules, with what can be done with each."""
    if not schedules:
        example = '`/builds schedule fruit "Level 3" weekdays 08:00 Europe/Madrid`'
        return message(f"Nothing is scheduled in this channel. For example: {example}")
    head = "*Scheduled in this channel*"
    blocks: list[Block] = [section(head)]
    rows = [_row(each, now) for each in schedules]
    for each, row in zip(schedules, rows, strict=True):
        blocks += [section(row), ActionsBlock(elements=_buttons(each))]
    return message("\n".join([head, *rows]), blocks)


def skipped(schedule: Schedule, missed: int, now: datetime) -> Message:
    """Report in one line what was missed while the bot was away, or nobody answered it."""
    times = "once" if missed == 1 else f"{missed} times"
    then = f" {_next(schedule.timetable, now)}" if schedule.timetable else ""
    why = "I got no answer in time" if schedule.attempts else "I was away"
    return message(f"{why}: skipped {_title(schedule)} {times}.{then}")


def rests(schedule: Schedule, why: Pause) -> Message:
    """Say that a schedule paused itself, and why."""
    owner, channel_id = f"<@{schedule.owner.user_id}>", schedule.owner.channel_id
    where = "a direct message" if channel_id.startswith("D") else f"<#{channel_id}>"
    return message(
        f"I paused the schedule of {_title(schedule)}, {name(schedule.said)}, that {owner} made"
        f" in {where}: {why}."
    )


def gone() -> Message:
    """Answer a press on a schedule that has been deleted."""
    return message("This schedule is gone. What there is: `/builds schedules`")


def is_meant(schedule: Schedule, value: str) -> bool:
    """Say whether a button belongs to this schedule."""
    return value == _which(schedule)


def _row(schedule: Schedule, now: datetime) -> str:
    by = f"by <@{schedule.owner.user_id}>"
    if schedule.pause is not None:
        paused = f"by <@{schedule.paused_by}>" if schedule.paused_by else schedule.pause
        return f"*{_what(schedule)}* · {by}\nPaused: {paused}."
    timetable = schedule.timetable
    return f"*{_what(schedule)}* · {by}\n{_next(timetable, now) if timetable else 'Starting …'}"


def _buttons(schedule: Schedule) -> list[ButtonElement]:
    paused = schedule.pause is not None
    first = ("Resume", RESUME) if paused else ("Pause", PAUSE)
    buttons = [first, ("Run now", RUN), ("Delete", REMOVE)]
    return [
        ButtonElement(text=text, action_id=action_id, value=_which(schedule))
        for text, action_id in buttons
    ]


def _which(schedule: Schedule) -> str:
    """Name it for good: SQLite gives the number of one that was deleted to another."""
    return f"{schedule.id}/{schedule.created_at.isoformat()}"


def _what(schedule: Schedule) -> str:
    timetable = None if schedule.said == HOURLY else schedule.timetable
    zone = f" {timetable.zone}" if timetable else ""
    changed = ", if changed" if schedule.if_changed else ""
    return f"{_title(schedule)}, {name(schedule.said)}{zone}{changed}"


def _title(schedule: Schedule) -> str:
    request = schedule.request
    scenes = ", ".join(name(scene, 80) for scene in request.scenes[:_SHOWN_SCENES])
    more = len(request.scenes) - _SHOWN_SCENES
    project = name(request.alias or f"project {request.project}")
    return f"{project} · {scenes}{f' and {more} more' if more > 0 else ''}"


def _next(timetable: Timetable, now: datetime) -> str:
    first, second = islice(timetable.upcoming(now), 2)
    times = write(timetable.local(first)), write(timetable.local(second))
    return f"Next: {times[0]}, then {times[1]}"
