"""Schedules: made by a line of /builds, listed with buttons; for the asker alone."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.job import Asker
from bot.builds.rights import Refusal, Right
from bot.builds.schedule import Schedule
from bot.builds.schedule_command import ListSchedules, ScheduleWanted
from bot.builds.timetable import Timetable
from bot.slack.listeners.asked import Desk, presser_of, tell_presser
from bot.slack.listeners.build import told
from bot.slack.messages import schedules as messages
from bot.slack.messages.message import Message
from bot.slack.messages.not_allowed import not_allowed
from bot.store.new_job import NewJob
from bot.store.schedule import NewSchedule
from bot.store.schedules import MOST

log = structlog.get_logger(__name__)
Deed = Callable[[Desk, Schedule, Asker], Awaitable[object]]


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to the buttons of the list."""
    for action_id, deed in _DEEDS.items():
        bolt.action(action_id)(_listener(desk, deed))

    @bolt.action(messages.RUN)
    async def run(ack: AsyncAck, body: dict[str, Any]) -> None:
        found = await _pressed(desk, body)
        await tell_presser(desk, body, await _run(desk, body, found) if found else messages.gone())
        await ack()


async def answered(
    desk: Desk, wanted: ScheduleWanted | ListSchedules, asker: Asker, intake_key: str
) -> Message:
    """Keep a new schedule and say when it comes first, or list those of the channel."""
    if isinstance(wanted, ListSchedules):
        return await _listing(desk, asker)
    if refusal := await desk.refusal(Right.BUILD, asker):
        return not_allowed(refusal)
    now, zone = desk.clock(), wanted.zone
    next_at = Timetable(wanted.when.cron, zone).after(now) if zone else None
    kept = await desk.store.schedules.add(NewSchedule(intake_key, asker, wanted, next_at), now)
    if kept is None:
        return messages.too_many(MOST)
    log.info("scheduled", schedule=kept.id, said=kept.said, zone=zone)
    return messages.scheduled(kept, now)


async def _listing(desk: Desk, asker: Asker) -> Message:
    return messages.listing(await desk.store.schedules.of(asker.channel_id), desk.clock())


async def _run(desk: Desk, body: dict[str, Any], schedule: Schedule) -> Message:
    """Build it once now, for the one who pressed."""
    presser, request = presser_of(body, None), schedule.request
    new = NewJob(body["trigger_id"], request, presser, desk.patience, anyway=True)
    added = await desk.start(new)
    return not_allowed(added) if isinstance(added, Refusal) else await told(desk, new, added)


def _listener(desk: Desk, deed: Deed) -> Callable[..., Awaitable[None]]:
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        found, presser = await _pressed(desk, body), presser_of(body, None)
        refusal = await _refusal(desk, found, presser) if found else None
        if refusal:
            await tell_presser(desk, body, not_allowed(refusal))
        else:
            if found:
                await deed(desk, found, presser)
            await tell_presser(desk, body, await _listing(desk, presser), instead=True)
        await ack()

    return pressed


async def _pressed(desk: Desk, body: dict[str, Any]) -> Schedule | None:
    """Find the schedule of a button, if it is one of the channel's."""
    value = str(body["actions"][0].get("value", ""))
    number = value.partition("/")[0]
    if not (number.isascii() and number.isdecimal()):
        return None
    found, here = await desk.store.schedules.get(int(number)), presser_of(body, None)
    if found is None or not messages.is_meant(found, value):
        return None
    return found if found.owner.channel_id == here.channel_id else None


async def _refusal(desk: Desk, schedule: Schedule, asker: Asker) -> Refusal | None:
    """Let people do with their own what they like; others' are for admins."""
    if asker.user_id == schedule.owner.user_id:
        return await desk.refusal(Right.BUILD, asker)
    return await desk.refusal(Right.STOP, asker)


async def _pause(desk: Desk, schedule: Schedule, asker: Asker) -> object:
    return await desk.store.schedules.pause(schedule, asker, desk.clock())


async def _resume(desk: Desk, schedule: Schedule, asker: Asker) -> object:
    now = desk.clock()
    next_at = schedule.timetable.after(now) if schedule.timetable else None
    return await desk.store.schedules.resume(schedule, next_at, asker, now)


async def _remove(desk: Desk, schedule: Schedule, asker: Asker) -> object:
    return await desk.store.schedules.remove(schedule, asker, desk.clock())


_DEEDS: dict[str, Deed] = {
    messages.PAUSE: _pause,
    messages.RESUME: _resume,
    messages.REMOVE: _remove,
}
