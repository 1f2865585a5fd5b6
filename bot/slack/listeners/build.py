"""/build: a line becomes a job, or an answer that says how a right line looks; nothing, a form."""

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.builds.request import BuildRequest, HelpWanted, Parsed, UsageError, parse
from bot.builds.rights import Refusal
from bot.slack.listeners.asked import Desk, answer, asker_of, outline
from bot.slack.listeners.form import open_form
from bot.slack.messages.answer import accepted, repeated
from bot.slack.messages.message import Message
from bot.slack.messages.not_allowed import not_allowed
from bot.slack.messages.steered import joined
from bot.slack.messages.usage import help_text, usage
from bot.store.new_job import NewJob
from bot.store.once import Added

log = structlog.get_logger(__name__)
COMMAND = "/build"


def register(bolt: AsyncApp, desk: Desk) -> None:
    """Listen to /build."""

    @bolt.command(COMMAND)
    async def build(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        if not command.get("text", "").strip():
            await open_form(desk, ack, command, client)
            return
        match await _read(command):
            case HelpWanted():
                desk.counted(COMMAND, "help")
                await answer(ack, help_text())
            case UsageError() as error:
                desk.counted(COMMAND, "usage")
                await answer(ack, usage(error))
            case BuildRequest() as request:
                await _accept(ack, command, request)

    async def _read(command: dict[str, Any]) -> Parsed:
        projects, now = desk.store.projects, desk.clock()
        text = command.get("text", "")
        read = parse(text, await projects.known(now))
        if isinstance(read, UsageError):
            # Only a line that went wrong needs to know what this channel built last.
            return parse(text, await projects.known_in(command["channel_id"], now))
        return read

    async def _accept(ack: AsyncAck, command: dict[str, Any], request: BuildRequest) -> None:
        new = NewJob(command["trigger_id"], request, asker_of(command), desk.patience)
        added = await desk.start(new)
        log.info("asked for", **outline(added))
        desk.counted(COMMAND, _result(added))
        await answer(ack, await told(desk, new, added))


async def told(desk: Desk, new: NewJob, added: Added | Refusal) -> Message:
    """Say what became of a request: accepted, accepted before, under way already, refused."""
    if isinstance(added, Refusal):
        return not_allowed(added)
    if added.repeated:
        return repeated(added.id)
    job = await desk.store.jobs.get(added.id) if added.joined else None
    if job is not None:
        return joined(job, new.asker.user_id, new.asker.channel_id, desk.clock())
    return accepted(added.id, new.request)


def _result(added: Added | Refusal) -> str:
    if isinstance(added, Refusal):
        return "not_allowed"
    if added.joined:
        return "joined"
    return "repeated" if added.repeated else "accepted"
