"""Answers to one person alone: accepted, rejected, cannot post here, what a button did."""

from bot.builds.job import TERMINAL, Job
from bot.builds.outcome import Rejected
from bot.builds.request import BuildRequest
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import escape, name, title

_GOES_ON = "goes on; I’ll tell you here how it ends"
_INVITE = "I can’t post in this channel: type `/invite` and pick me."
_WAYS = {
    "not_in_channel": _INVITE,
    "channel_not_found": _INVITE,
    "is_archived": "This channel is archived, so I can’t post in it.",
    "restricted_action": "This workspace does not let me post in this channel.",
}
# Of the 4,000 characters of a message, beside what was wrong.
_ROOM = 3_000
_UNKNOWN_WAY = "Slack takes no messages from me here: an admin can run `python -m bot doctor`."


def accepted(job_id: int, request: BuildRequest) -> Message:
    """Confirm what is now safe in the store; the card follows when the names are known."""
    scenes = request.scenes
    wanted = ", ".join(name(scene, 80) for scene in scenes[:3])
    more = f" and {len(scenes) - 3} more" if len(scenes) > 3 else ""  # noqa: PLR2004 - as above
    project = name(request.alias or f"project {request.project}")
    return message(f"#{job_id} accepted: looking up {wanted}{more} in {project}.")


def archiving(job_id: int, request: BuildRequest) -> Message:
    """Confirm an archive that is now safe in the store."""
    if request.branches is not None:
        project = name(request.alias or f"project {request.project}")
        return message(f"#{job_id} accepted: an archive of every open branch of {project}.")
    branch = f"branch {name(request.branch)}" if request.branch else "the main branch"
    project = name(request.alias or f"project {request.project}")
    return message(f"#{job_id} accepted: an archive of {branch} of {project}.")


def repeated(job_id: int) -> Message:
    """Point to the job that the first press or delivery made."""
    return message(f"#{job_id} is already on its way; nothing was started twice.")


def rejected(job: Job, outcome: Rejected) -> Message:
    """Say why nothing was started, and offer lines that can be pasted."""
    said = f"#{job.id} was not started. {escape(outcome.problem)}"
    offered = _offers(outcome)
    if not offered:
        return message(said)
    offers = "\n".join(offered)
    # Slash commands do not go into threads, mentions do.
    way = "\nIn a thread, write my name in front of it." if job.asker.thread_ts else ""
    return message(f"{said}\nDid you mean:\n{offers}{way}")


def _offers(outcome: Rejected) -> list[str]:
    """List what would do as far as there is room: half a line cannot be pasted."""
    room, offers = _ROOM, list[str]()
    for line in outcome.suggestions:
        offer = f"• `{_pasteable(line)}`"
        room -= len(offer) + 1
        if room < 0:
            break
        offers.append(offer)
    left = len(outcome.suggestions) - len(offers) + outcome.more
    return [*offers, f"and {left} more"] if offers and left else offers


def cancelled(job: Job, by: str) -> Message:
    """Say that someone cancelled a build of which nothing was to be seen yet."""
    return message(f"#{job.id} was cancelled by <@{by}> before it started: {title(job)}.")


def cannot_post(job: Job, code: str) -> Message:
    """Say why no card appears, and how one can: the job goes on all the same."""
    goes_on = "is over; the result follows here" if job.state in TERMINAL else _GOES_ON
    return message(f"{_WAYS.get(code, _UNKNOWN_WAY)} #{job.id} ({title(job)}) {goes_on}.")


def not_now(job_id: int) -> Message:
    """Answer a press on Stop at the one moment when it cannot be done."""
    return message(
        f"#{job_id} is being handed to PlayCanvas this very moment, too late to cancel it."
        " In a few seconds its card offers Stop watching."
    )


def over(job_id: int) -> Message:
    """Answer a press that came after the end."""
    return message(f"#{job_id} is already over; its card shows how it ended.")


def unknown(job: str) -> Message:
    """Answer a press about a job that this bot does not have."""
    return message(f"I don’t know a build #{name(job, 20)}; its card may be from another bot.")


def foreign_team() -> Message:
    """Answer a workspace that this bot does not belong to."""
    return message("This bot is set up for another workspace. Nothing was started.")


def broken() -> Message:
    """Answer when the bot itself failed: nothing is known to have been stored."""
    return message("Something broke on my side and nothing was started. Try again.")


def unclear() -> Message:
    """Answer when the database did not say in time whether it took what was asked."""
    return message(
        "My database did not answer in time, so I can’t say whether I took this. If nothing"
        " follows within a minute, ask again."
    )


def _pasteable(line: str) -> str:
    # a backtick would end the code in which the line is shown
    return escape(line.replace("`", "’"))
