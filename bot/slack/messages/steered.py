"""Answers to those who steer: joined, stopped, watched again, started once more."""

from datetime import datetime, timedelta

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from bot.builds.job import TERMINAL, Job, JobKind, JobState
from bot.builds.outcome import Expired
from bot.slack.messages.message import Message, message
from bot.slack.messages.sections import section
from bot.slack.messages.words import duration, name, title

BUILD_ANYWAY = "build_anyway"
_VERBS = {
    JobKind.BUILD: ("build", "building", "built"),
    JobKind.ARCHIVE: ("archive", "archiving", "archived"),
}
_MINUTE = 60


def joined(job: Job, user_id: str, channel_id: str, now: datetime) -> Message:
    """Tell who asked for what is being built already that they need not ask again."""
    also = "" if job.asker.user_id == user_id else " too"
    elsewhere = job.asker.channel_id != channel_id
    where = f" in <#{job.asker.channel_id}>" if elsewhere else ""
    mention = f"I’ll mention you {'there' if elsewhere else ''}".rstrip() + also
    said = f"{_doing(job, where, now)}; {mention}."
    label = f"{_VERBS[job.kind][0].capitalize()} anyway"
    button = ButtonElement(text=label, action_id=BUILD_ANYWAY, value=str(job.id))
    return message(said, [section(said), ActionsBlock(elements=[button])])


def stopped(job: Job) -> Message:
    """Confirm what Stop has done, and what it cannot do."""
    if job.state is JobState.UNWATCHED:
        return message(
            f"#{job.id} ({title(job)}) is no longer watched. PlayCanvas has no way to cancel it and"
            " will finish it unseen."
        )
    return message(f"#{job.id} ({title(job)}) is cancelled; PlayCanvas was not asked for it.")


def once_more(job_id: int, old: Job) -> Message:
    """Confirm a retry; its card follows."""
    return message(f"#{job_id} accepted: {title(old)} once more, after #{old.id}.")


def beside(job_id: int, other: Job) -> Message:
    """Confirm a second build of the same; its card follows."""
    return message(f"#{job_id} accepted: {title(other)}, beside #{other.id}.")


def under_way(job: Job) -> Message:
    """Answer a retry of what is not over."""
    return message(
        f"#{job.id} ({title(job)}) is not over yet, so it can’t be retried."
        f" To end it first: `/builds stop {job.id}`"
    )


def not_unwatched(job: Job) -> Message:
    """Answer a press on Watch again where nothing was left."""
    return message(f"#{job.id} ({title(job)}) is {job.state}; there is nothing to watch again.")


def not_expired(job: Job) -> Message:
    """Answer a press on Check now where an answer has come since."""
    return message(f"#{job.id} ({title(job)}) is {job.state}; there is nothing to check.")


def picked_up(job: Job, number: int) -> Message:
    """Answer a press on Check now when an earlier one has brought what there was."""
    return message(f"#{job.id} ({title(job)}) is over: see #{number}, which picked it up.")


def checked(job: Job, outcome: Expired, now: datetime) -> Message:
    """Tell who pressed Check now that there is nothing new."""
    about = f"#{job.retry_of} ({title(job)})"
    if outcome.sentence is not None:
        return message(f"PlayCanvas has no answer about {about}: {name(outcome.sentence, 300)}")
    age = f" after {duration(now - job.started_at)}" if job.started_at else ""
    return message(
        f"{about} is still running at PlayCanvas{age}."
        " *Check now* looks again, *Retry* starts it anew."
    )


def _for_now(length: timedelta) -> str:
    seconds = max(0, round(length.total_seconds()))
    return f"{seconds} s" if seconds < _MINUTE else duration(length)


def _doing(job: Job, where: str, now: datetime) -> str:
    base, doing, done = _VERBS[job.kind]
    if job.state is JobState.RUNNING and job.started_at is not None:
        age = _for_now(now - job.started_at)
        return f"#{job.id} is already {doing} this{where} ({age} in)"
    if job.state in TERMINAL:
        return f"#{job.id} has just been {done}{where}"
    if job.state is JobState.SUBMITTING:
        return f"#{job.id} is just starting to {base} this{where}"
    return f"#{job.id} is already waiting in line to {base} this{where}"
