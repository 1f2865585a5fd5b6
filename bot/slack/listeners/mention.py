"""@bot build: a message that names the bot becomes a job, in threads too, or a private answer."""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.builds.job import Asker
from bot.builds.mention import parse_mention
from bot.builds.request import BuildRequest, HelpWanted, Parsed, UsageError
from bot.builds.rights import Refusal
from bot.slack.listeners.asked import Desk, outline
from bot.slack.listeners.build import told
from bot.slack.messages.mention_usage import mention_help, mention_usage
from bot.slack.messages.message import Message
from bot.store.new_job import NewJob
from bot.store.once import Added

log = structlog.get_logger(__name__)
EVENT = "app_mention"


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to mentions.

    An event has no response URL, and its answer would be lost with the process that sends it. So
    the answer is a row, too: written once for each event id, whoever delivers it how often, before
    the ack, without which Slack brings the event again.
    """

    @bolt.event(EVENT)
    async def mention(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        event = body["event"]
        # Other apps mention the bot as well; they cannot read what is for one person alone.
        if event.get("user") and not event.get("bot_id"):
            said = await _answer(desk, body, str(context.bot_user_id))
            await desk.store.whispers.add(
                body["event_id"], _asker(body), said.arguments(), desk.clock()
            )
        await ack()


async def _answer(desk: Desk, body: dict[str, Any], bot_id: str) -> Message:
    match await _read(desk, body["event"], bot_id):
        case HelpWanted():
            desk.counted(EVENT, "help")
            return mention_help(bot_id)
        case UsageError() as error:
            desk.counted(EVENT, "usage")
            return mention_usage(error, bot_id)
        case BuildRequest() as request:
            return await _accept(desk, body, request)


async def _read(desk: Desk, event: dict[str, Any], bot_id: str) -> Parsed:
    projects, now, text = desk.store.projects, desk.clock(), event.get("text", "")
    read = parse_mention(text, bot_id, await projects.known(now))
    if isinstance(read, UsageError):
        # Only a line that went wrong needs to know what this channel built last.
        return parse_mention(text, bot_id, await projects.known_in(event["channel"], now))
    return read


async def _accept(desk: Desk, body: dict[str, Any], request: BuildRequest) -> Message:
    new = NewJob(body["event_id"], request, _asker(body), desk.patience)
    added = await desk.start(new)
    log.info("asked for", **outline(added))
    desk.counted(EVENT, _result(added))
    return await told(desk, new, added)


def _result(added: Added | Refusal) -> str:
    if isinstance(added, Refusal):
        return "not_allowed"
    return "repeated" if added.repeated else "accepted"


def _asker(body: dict[str, Any]) -> Asker:
    event = body["event"]
    return Asker(
        team_id=body["team_id"],
        channel_id=event["channel"],
        user_id=event["user"],
        thread_ts=event.get("thread_ts"),
    )
