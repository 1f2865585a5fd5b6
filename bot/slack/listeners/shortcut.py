"""The message shortcut "Rebuild": what a card shows is built again."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.job import TERMINAL, Job
from bot.slack.listeners.asked import Desk, presser_of, tell_presser
from bot.slack.listeners.steering import counted, once_more
from bot.slack.messages.message import Message
from bot.slack.messages.shortcut import no_card, under_way

REBUILD_MESSAGE = "rebuild_message"


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to the shortcut."""

    @bolt.shortcut(REBUILD_MESSAGE)
    async def rebuild(ack: AsyncAck, body: dict[str, Any]) -> None:
        await tell_presser(desk, body, await _rebuild(desk, body))
        await ack()


async def _rebuild(desk: Desk, body: dict[str, Any]) -> Message | None:
    job = await _job(desk, body)
    if job is None:
        desk.counted(REBUILD_MESSAGE, "usage")
        return no_card()
    if job.state not in TERMINAL:
        desk.counted(REBUILD_MESSAGE, "too_early")
        return under_way(job.id)
    # The new card stands where the old one does, and is answer enough.
    asker = presser_of(body, job.asker.thread_ts)
    added = await once_more(desk, job, asker, body["trigger_id"])
    return counted(desk, REBUILD_MESSAGE, added)


async def _job(desk: Desk, body: dict[str, Any]) -> Job | None:
    ts = str(body["message"]["ts"])
    job_id = await desk.store.outbox.job_of_card(body["channel"]["id"], ts)
    return None if job_id is None else await desk.store.jobs.get(job_id)
