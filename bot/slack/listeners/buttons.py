"""The buttons of a card: download, stop, build again."""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.builds.job import TERMINAL, Job, JobState
from bot.builds.outcome import Cancelled, Outcome, Unwatched
from bot.builds.transition import end
from bot.slack.listeners.asked import Desk, presser_of
from bot.slack.messages import answer
from bot.slack.messages.card import DOWNLOAD, REBUILD, RETRY, STOP
from bot.slack.messages.message import Message
from bot.store.intake import NewJob

log = structlog.get_logger(__name__)
# A worker may look at a job between the reading of it here and the writing.
_TRIES = 5
# More than any number of a job has, fewer than a database refuses.
_MOST_DIGITS = 18


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to the buttons of cards."""

    @bolt.action(DOWNLOAD)
    async def download(ack: AsyncAck) -> None:
        # Slack opens the link by itself and tells the bot all the same.
        await ack()

    @bolt.action(STOP)
    async def stop(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await _tell(respond, await _stop(desk, body))
        await ack()

    @bolt.action(REBUILD)
    @bolt.action(RETRY)
    async def again(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await _tell(respond, await _again(desk, body))
        await ack()


async def _stop(desk: Desk, body: dict[str, Any]) -> Message | None:
    for _ in range(_TRIES):
        job = await _job(desk, body)
        if job is None:
            return answer.unknown(_pressed(body))
        if job.state in TERMINAL:
            return answer.over(job.id)
        outcome = _stopped_by(job, body["user"]["id"])
        if outcome is None:
            break
        # Anyone's lease gives way to a person; whoever held it finds its answer dropped.
        if await desk.store.jobs.record(job, end(job, outcome), desk.clock()):
            desk.counted(STOP, "accepted")
            return None
    desk.counted(STOP, "too_late")
    return answer.not_now(int(_pressed(body)))


def _stopped_by(job: Job, user_id: str) -> Outcome | None:
    match job.state:
        case JobState.QUEUED:
            return Cancelled(user_id)
        case JobState.RUNNING:
            return Unwatched(user_id)
        case _:
            return None


async def _again(desk: Desk, body: dict[str, Any]) -> Message | None:
    job = await _job(desk, body)
    if job is None:
        return answer.unknown(_pressed(body))
    new = NewJob(
        intake_key=body["trigger_id"],
        request=job.request,
        asker=presser_of(body, job.asker.thread_ts),
        patience=desk.patience,
        kind=job.kind,
        retry_of=job.id,
    )
    added = await desk.store.jobs.add(new, desk.clock())
    log.info("asked for again", job=added.id, retry_of=job.id, repeated=added.repeated)
    desk.counted(REBUILD, "repeated" if added.repeated else "accepted")
    return answer.repeated(added.id) if added.repeated else None


async def _job(desk: Desk, body: dict[str, Any]) -> Job | None:
    pressed = _pressed(body)
    known = pressed.isdecimal() and len(pressed) <= _MOST_DIGITS
    return await desk.store.jobs.get(int(pressed)) if known else None


def _pressed(body: dict[str, Any]) -> str:
    return str(body["actions"][0].get("value", ""))


async def _tell(respond: AsyncRespond, told: Message | None) -> None:
    if told is not None:
        await respond(response_type="ephemeral", replace_original=False, **told.arguments())
