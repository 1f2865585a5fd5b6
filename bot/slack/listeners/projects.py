"""/projects: what the store knows is answered at once, the rest becomes an errand."""

from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.builds.errand import AddProject, ChangeProject, Errand, changes_of
from bot.builds.job import Asker
from bot.builds.projects_command import ListProjects, Parsed, RemoveProject, parse
from bot.builds.request import BuildRequest, HelpWanted
from bot.builds.rights import Right
from bot.builds.usage import UsageError
from bot.slack.listeners.archive import archive
from bot.slack.listeners.asked import Desk, answer, asker_of
from bot.slack.messages import projects
from bot.slack.messages.message import Message
from bot.slack.messages.not_allowed import not_allowed
from bot.slack.messages.projects_usage import asking, help_text, usage
from bot.store.errands import NewErrand

log = structlog.get_logger(__name__)
COMMAND = "/projects"
CHANGES = (AddProject, ChangeProject, RemoveProject)
# Slack takes answers at a response URL for half an hour; the last one has to fit in.
PATIENCE = timedelta(minutes=25)


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to /projects."""

    @bolt.command(COMMAND)
    async def projects_command(ack: AsyncAck, command: dict[str, Any]) -> None:
        result, told = await _allowed(desk, command, await _read(desk, command))
        desk.counted(COMMAND, result)
        await answer(ack, told)


async def _read(desk: Desk, command: dict[str, Any]) -> Parsed:
    known, now = desk.store.projects, desk.clock()
    text = command.get("text", "")
    read = parse(text, await known.known(now))
    if isinstance(read, UsageError):
        # Only a line that went wrong needs to know what this channel built last.
        return parse(text, await known.known_in(command["channel_id"], now))
    return read


async def _allowed(desk: Desk, command: dict[str, Any], read: Parsed) -> tuple[str, Message]:
    """Answer, if what is wished for may be done by everyone or by the one who asks."""
    if isinstance(read, CHANGES):
        refusal = await desk.refusal(Right.CHANGE, asker_of(command))
        if refusal is not None:
            return "not_allowed", not_allowed(refusal)
    return await _answer(desk, command, read)


async def _answer(desk: Desk, command: dict[str, Any], read: Parsed) -> tuple[str, Message]:
    """Do what can be done without PlayCanvas; say what came of it, in a word and in full."""
    match read:
        case HelpWanted():
            return "help", help_text()
        case UsageError() as error:
            return "usage", usage(error)
        case ListProjects():
            return "listed", projects.projects(await desk.store.projects.all())
        case RemoveProject(name):
            return "removed", await _remove(desk, name, asker_of(command))
        case ChangeProject(branch=branch) as change if not branch:
            return "changed", await _change(desk, change, asker_of(command))
        case asked:
            return await _accept(desk, command, asked)


async def _accept(
    desk: Desk, command: dict[str, Any], asked: Errand | BuildRequest
) -> tuple[str, Message]:
    if isinstance(asked, BuildRequest):
        return await archive(desk, command, asked)
    return await _ask(desk, command, asked)


async def _remove(desk: Desk, name: str, asker: Asker) -> Message:
    known = desk.store.projects
    project = await known.get(name)
    is_gone = not await known.remove(name, asker, desk.clock())
    return projects.gone(name) if project is None or is_gone else projects.removed(project)


async def _change(desk: Desk, change: ChangeProject, asker: Asker) -> Message:
    known = desk.store.projects
    await known.change(change.name, asker, desk.clock(), **changes_of(change))
    project = await known.get(change.name)
    return projects.changed(project) if project else projects.gone(change.name)


async def _ask(desk: Desk, command: dict[str, Any], errand: Errand) -> tuple[str, Message]:
    new = NewErrand(command["trigger_id"], errand, asker_of(command), PATIENCE)
    added = await desk.store.errands.add(new, desk.clock())
    log.info("asked for an errand", errand=added.id, repeated=added.repeated)
    if added.repeated:
        return "repeated", projects.repeated()
    return "accepted", asking(errand)
