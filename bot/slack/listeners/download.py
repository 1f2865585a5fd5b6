"""/download and [New link]: a wish for an install link goes to the store, for the one who asks."""

from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.link_request import LinkRequest, parse
from bot.builds.request import HelpWanted
from bot.builds.usage import UsageError
from bot.slack.listeners.asked import Desk, answer, asker_of, presser_of, tell_presser
from bot.slack.messages.download_usage import accepted, help_text, repeated, switched_off, usage
from bot.slack.messages.install_link import NEW_LINK, OPEN_LINK
from bot.slack.messages.message import Message
from bot.store.links import NewLink

log = structlog.get_logger(__name__)
COMMAND = "/download"
# A tester waits in front of the screen; after this they are told to come back.
PATIENCE = timedelta(minutes=2)


def register(bolt: AsyncApp, desk: Desk, *, configured: bool) -> None:
    """Listen to /download; unless Applivery is configured it only says how to do that."""

    @bolt.command(COMMAND)
    async def download(ack: AsyncAck, command: dict[str, Any]) -> None:
        asker, key = asker_of(command), command["trigger_id"]
        if not configured:
            desk.counted(COMMAND, "off")
            await answer(ack, switched_off())
            return
        match parse(command.get("text", "")):
            case HelpWanted():
                desk.counted(COMMAND, "help")
                await answer(ack, help_text())
            case UsageError() as error:
                desk.counted(COMMAND, "usage")
                await answer(ack, usage(error))
            case LinkRequest() as request:
                new = await _ask(desk, COMMAND, NewLink(key, request, asker, PATIENCE))
                await answer(ack, accepted(request) if new else repeated(request))

    @bolt.action(OPEN_LINK)
    async def open_link(ack: AsyncAck) -> None:
        # Slack opens the link by itself and tells the bot all the same.
        await ack()

    @bolt.action(NEW_LINK)
    async def new_link(ack: AsyncAck, body: dict[str, Any]) -> None:
        told = await _press(desk, body) if configured else switched_off()
        await tell_presser(desk, body, told)
        await ack()


async def _press(desk: Desk, body: dict[str, Any]) -> Message | None:
    """Ask for whoever presses; the link itself is the answer, unless the button makes no sense."""
    # The link is for the presser alone, wherever the button stands: no thread.
    asker = presser_of(body, None)
    request = parse(str(body["actions"][0].get("value", "")))
    if isinstance(request, LinkRequest):
        await _ask(desk, NEW_LINK, NewLink(body["trigger_id"], request, asker, PATIENCE))
        return None
    desk.counted(NEW_LINK, "usage")
    return usage(request) if isinstance(request, UsageError) else help_text()


async def _ask(desk: Desk, how: str, new: NewLink) -> bool:
    """Commit a wish; False when it is the repeat of one."""
    added = await desk.store.links.add(new, desk.clock())
    log.info("asked for a link", link=added.id, repeated=added.repeated)
    desk.counted(how, "repeated" if added.repeated else "accepted")
    return not added.repeated
