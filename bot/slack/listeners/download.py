"""/download and its buttons: a wish for an install link goes to the store, for who asks."""

from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.apps import NamedApp
from bot.builds.download_command import AddApp, ListApps, Parsed, PostLink, RemoveApp, parse
from bot.builds.job import Asker
from bot.builds.link_post import NOWHERE, Origin, pressed
from bot.builds.link_request import LinkRequest
from bot.builds.request import HelpWanted
from bot.builds.rights import Right
from bot.builds.usage import UsageError
from bot.slack.listeners.asked import Desk, answer, asker_of, presser_of, tell_presser
from bot.slack.messages import download_usage
from bot.slack.messages.download_usage import help_text, switched_off, usage
from bot.slack.messages.install_link import ASKS_ANEW, NEW_LINK, OPENS
from bot.slack.messages.link_post import GET_LINK, GETS
from bot.slack.messages.message import Message
from bot.slack.messages.not_allowed import not_allowed
from bot.store.link import NewLink, Purpose

log = structlog.get_logger(__name__)
COMMAND = "/download"
# A tester waits in front of the screen; after this they are told to come back.
PATIENCE = timedelta(minutes=2)


def register(bolt: AsyncApp, desk: Desk, *, configured: bool) -> None:
    """Listen to /download; unless Applivery is configured it only says how to do that."""

    @bolt.command(COMMAND)
    async def download(ack: AsyncAck, command: dict[str, Any]) -> None:
        if configured:
            result, told = await _answer(desk, command, await _read(desk, command))
        else:
            result, told = "off", switched_off()
        desk.counted(COMMAND, result)
        await answer(ack, told)

    async def open_link(ack: AsyncAck) -> None:
        # Slack opens the link by itself and tells the bot all the same.
        await ack()

    async def get_link(ack: AsyncAck, body: dict[str, Any]) -> None:
        told = await _press(desk, body) if configured else switched_off()
        await tell_presser(desk, body, told)
        await ack()

    for button in OPENS:
        bolt.action(button)(open_link)
    for button in (*ASKS_ANEW, *GETS):
        bolt.action(button)(get_link)


async def _read(desk: Desk, command: dict[str, Any]) -> Parsed:
    apps, projects = await desk.store.apps.all(), await desk.store.projects.known(desk.clock())
    return parse(command.get("text", ""), apps, projects)


async def _answer(desk: Desk, command: dict[str, Any], read: Parsed) -> tuple[str, Message]:
    """Do what can be done without Applivery; say what came of it, in a word and in full."""
    match read:
        case HelpWanted():
            return "help", help_text()
        case UsageError() as error:
            return "usage", usage(error)
        case ListApps():
            known = await desk.store.projects.known(desk.clock())
            return "listed", download_usage.apps(await desk.store.apps.all(), known)
        case AddApp() | RemoveApp() as change:
            return await _change(desk, command, change)
        case LinkRequest() | PostLink() as wish:
            return await _accept(desk, command, wish)


async def _change(
    desk: Desk, command: dict[str, Any], change: AddApp | RemoveApp
) -> tuple[str, Message]:
    """Change what the apps are called, for those who may: everyone uses the names."""
    asker = asker_of(command)
    if refusal := await desk.refusal(Right.CHANGE, asker):
        return "not_allowed", not_allowed(refusal)
    if isinstance(change, AddApp):
        return await _add(desk, asker, change.app)
    is_gone = not await desk.store.apps.remove(change.app.name, asker, desk.clock())
    return "removed", (download_usage.gone if is_gone else download_usage.removed)(change.app)


async def _add(desk: Desk, by: Asker, app: NamedApp) -> tuple[str, Message]:
    if not await desk.store.apps.add(app, by, desk.clock()):
        return "taken", download_usage.taken(app)
    known = await desk.store.projects.known(desk.clock())
    return "added", download_usage.added(app, known)


async def _accept(
    desk: Desk, command: dict[str, Any], wish: LinkRequest | PostLink
) -> tuple[str, Message]:
    new = _new(wish, command["trigger_id"], asker_of(command))
    if await _ask(desk, new):
        return "accepted", download_usage.accepted(wish)
    return "repeated", download_usage.repeated(wish)


async def _press(desk: Desk, body: dict[str, Any]) -> Message | None:
    """Ask for whoever presses; the link itself is the answer, unless the button makes no sense."""
    button = GET_LINK if body["actions"][0]["action_id"] in GETS else NEW_LINK
    origin, asked = pressed(str(body["actions"][0].get("value", "")))
    wish = parse(asked)
    if not isinstance(wish, LinkRequest | PostLink):
        desk.counted(button, "usage")
        return usage(wish) if isinstance(wish, UsageError) else help_text()
    # The link is for the presser alone, wherever the button stands: no thread.
    asker = presser_of(body, None)
    known = origin if await _is_known(desk, origin) else NOWHERE
    added = await _ask(desk, _new(wish, body["trigger_id"], asker, known))
    desk.counted(button, "accepted" if added else "repeated")
    return None


async def _is_known(desk: Desk, origin: Origin) -> bool:
    """Say whether there is a message of ours to list the link under."""
    if origin.job_id is not None:
        return await desk.store.jobs.get(origin.job_id) is not None
    return origin.post_id is not None and await desk.store.posts.get(origin.post_id) is not None


def _new(wish: LinkRequest | PostLink, key: str, asker: Asker, origin: Origin = NOWHERE) -> NewLink:
    if isinstance(wish, PostLink):
        return NewLink(key, wish.request, asker, PATIENCE, Purpose.POST)
    return NewLink(key, wish, asker, PATIENCE, origin=origin)


async def _ask(desk: Desk, new: NewLink) -> bool:
    """Commit a wish; False when it is the repeat of one."""
    added = await desk.store.links.add(new, desk.clock())
    log.info("asked for a link", link=added.id, repeated=added.repeated)
    return not added.repeated
