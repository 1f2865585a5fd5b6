"""`/projects archive`: a job like a build, of one branch as a whole."""

from typing import Any

import structlog

from bot.builds.job import JobKind
from bot.builds.request import BuildRequest
from bot.builds.rights import Refusal
from bot.slack.listeners.asked import Desk, asker_of, outline
from bot.slack.messages.answer import archiving, repeated
from bot.slack.messages.message import Message
from bot.slack.messages.not_allowed import not_allowed
from bot.slack.messages.steered import joined
from bot.store.new_job import NewJob

log = structlog.get_logger(__name__)


async def archive(
    desk: Desk, command: dict[str, Any], request: BuildRequest
) -> tuple[str, Message]:
    """Accept an archive, or join one that is under way; say so in a word and in full."""
    asker = asker_of(command)
    new = NewJob(command["trigger_id"], request, asker, desk.patience, kind=JobKind.ARCHIVE)
    added = await desk.start(new)
    log.info("asked for an archive", **outline(added))
    if isinstance(added, Refusal):
        return "not_allowed", not_allowed(added)
    if added.repeated:
        return "repeated", repeated(added.id)
    job = await desk.store.jobs.get(added.id) if added.joined else None
    if job is not None:
        return "joined", joined(job, asker.user_id, asker.channel_id, desk.clock())
    return "accepted", archiving(added.id, request)
