"""The buttons of cards and of what was said about them: download, stop, build again, details."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.job import Asker, Job
from bot.builds.rights import Refusal
from bot.slack.listeners import steering
from bot.slack.listeners.asked import Desk, presser_of, tell_presser
from bot.slack.messages import answer, steered
from bot.slack.messages.card import (
    CHECK_NOW,
    DETAILS,
    DOWNLOAD,
    REBUILD,
    RETRY,
    RETRY_ON_ENGINE,
    STOP,
    WATCH_AGAIN,
)
from bot.slack.messages.message import Message
from bot.slack.messages.not_allowed import not_allowed
from bot.slack.messages.nudge import KEEP_WAITING, START_AGAIN
from bot.slack.messages.steered import BUILD_ANYWAY

# More than any number of a job has, fewer than a database refuses.
_MOST_DIGITS = 18


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to the buttons that are about one build."""
    _register_nudge(bolt, desk)

    @bolt.action(DOWNLOAD)
    async def download(ack: AsyncAck) -> None:
        # Slack opens the link by itself and tells the bot all the same.
        await ack()

    @bolt.action(STOP)
    async def stop(ack: AsyncAck, body: dict[str, Any]) -> None:
        await tell_presser(desk, body, await _stop(desk, body))
        await ack()

    @bolt.action(REBUILD)
    @bolt.action(RETRY)
    async def again(ack: AsyncAck, body: dict[str, Any]) -> None:
        await tell_presser(desk, body, await _again(desk, body))
        await ack()

    @bolt.action(RETRY_ON_ENGINE)
    async def on_engine(ack: AsyncAck, body: dict[str, Any]) -> None:
        engine = _value(body).partition(" ")[2]
        await tell_presser(desk, body, await _again(desk, body, engine))
        await ack()

    @bolt.action(WATCH_AGAIN)
    async def watch_again(ack: AsyncAck, body: dict[str, Any]) -> None:
        await tell_presser(desk, body, await _watch_again(desk, body))
        await ack()

    @bolt.action(CHECK_NOW)
    async def check_now(ack: AsyncAck, body: dict[str, Any]) -> None:
        await tell_presser(desk, body, await _check_now(desk, body))
        await ack()

    @bolt.action(DETAILS)
    async def details(ack: AsyncAck, body: dict[str, Any]) -> None:
        await tell_presser(desk, body, await _details(desk, body))
        await ack()

    @bolt.action(BUILD_ANYWAY)
    async def build_anyway(ack: AsyncAck, body: dict[str, Any]) -> None:
        # In place of the question, which is answered now.
        await tell_presser(desk, body, await _build_anyway(desk, body), instead=True)
        await ack()


def _register_nudge(bolt: AsyncApp, desk: Desk) -> None:
    @bolt.action(KEEP_WAITING)
    async def keep_waiting(ack: AsyncAck, body: dict[str, Any]) -> None:
        await tell_presser(desk, body, await _keep_waiting(desk, body))
        await ack()

    @bolt.action(START_AGAIN)
    async def start_again(ack: AsyncAck, body: dict[str, Any]) -> None:
        await tell_presser(desk, body, await _start_again(desk, body))
        await ack()


async def _details(desk: Desk, body: dict[str, Any]) -> Message:
    job = await _job(desk, body)
    if job is None:
        return _unknown(body)
    return await steering.show(desk, job.id, _presser(body, job))


async def _stop(desk: Desk, body: dict[str, Any]) -> Message | None:
    job = await _job(desk, body)
    if job is None:
        return _unknown(body)
    stopped = await steering.stop(desk, job.id, _presser(body, job))
    desk.counted(STOP, "accepted" if isinstance(stopped, Job) else "refused")
    # The card says how it went.
    return None if isinstance(stopped, Job) else stopped


async def _again(desk: Desk, body: dict[str, Any], engine: str = "") -> Message | None:
    job = await _job(desk, body)
    if job is None:
        return _unknown(body)
    presser = _presser(body, job)
    added = await steering.once_more(desk, job, presser, body["trigger_id"], engine=engine)
    return steering.counted(desk, REBUILD, added)


async def _watch_again(desk: Desk, body: dict[str, Any]) -> Message | None:
    job = await _job(desk, body)
    if job is None:
        return _unknown(body)
    added = await steering.watch_again(desk, job, _presser(body, job), body["trigger_id"])
    return added if isinstance(added, Message) else steering.counted(desk, WATCH_AGAIN, added)


async def _check_now(desk: Desk, body: dict[str, Any]) -> Message | None:
    job = await _job(desk, body)
    if job is None:
        return _unknown(body)
    added = await steering.check_now(desk, job, _presser(body, job), body["trigger_id"])
    if isinstance(added, Message):
        return added
    # What the look shows is told, once for all who press meanwhile.
    steering.counted(desk, CHECK_NOW, added)
    return None


async def _keep_waiting(desk: Desk, body: dict[str, Any]) -> Message | None:
    job = await _job(desk, body)
    if job is None:
        return _unknown(body)
    refusal = await steering.keep_waiting(desk, job, _presser(body, job))
    desk.counted(KEEP_WAITING, "not_allowed" if refusal else "accepted")
    return not_allowed(refusal) if refusal else None


async def _start_again(desk: Desk, body: dict[str, Any]) -> Message | None:
    job = await _job(desk, body)
    if job is None:
        return _unknown(body)
    added = await steering.start_again(desk, job, _presser(body, job), body["trigger_id"])
    return added if isinstance(added, Message) else steering.counted(desk, START_AGAIN, added)


async def _build_anyway(desk: Desk, body: dict[str, Any]) -> Message:
    job = await _job(desk, body)
    if job is None:
        return _unknown(body)
    # Beside that one, as it were a retry: two presses make one build.
    asker = presser_of(body, body.get("container", {}).get("thread_ts"))
    added = await steering.once_more(desk, job, asker, body["trigger_id"])
    if isinstance(added, Refusal):
        desk.counted(BUILD_ANYWAY, "not_allowed")
        return not_allowed(added)
    return steering.counted(desk, BUILD_ANYWAY, added) or steered.beside(added.id, job)


async def _job(desk: Desk, body: dict[str, Any]) -> Job | None:
    pressed = _pressed(body)
    known = pressed.isdecimal() and len(pressed) <= _MOST_DIGITS
    if not known:
        return None
    return await desk.store.history.find(int(pressed), presser_of(body, None))


def _presser(body: dict[str, Any], job: Job) -> Asker:
    """Say who pressed; a new card stands where the old one does."""
    return presser_of(body, job.asker.thread_ts)


def _unknown(body: dict[str, Any]) -> Message:
    return answer.unknown(_pressed(body))


def _pressed(body: dict[str, Any]) -> str:
    """Read which job a button or a menu is about."""
    return _value(body).partition(" ")[0]


def _value(body: dict[str, Any]) -> str:
    action = body["actions"][0]
    chosen = action.get("selected_option") or action
    return str(chosen.get("value", ""))
