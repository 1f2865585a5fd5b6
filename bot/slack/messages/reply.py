"""The reply: the one message in a card's thread that mentions who asked and says how it ended."""

from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block

from bot.builds.job import Job, JobState
from bot.builds.outcome import (
    Cancelled,
    Expired,
    Failed,
    Outcome,
    Ready,
    Refused,
    Unreachable,
    Unwatched,
)
from bot.slack.messages.changes import changes
from bot.slack.messages.hints import hint
from bot.slack.messages.message import Message, message
from bot.slack.messages.mrkdwn import link
from bot.slack.messages.sections import quoted, section, sections
from bot.slack.messages.words import clip, clock, duration, lines, moment, title

_LATE = timedelta(minutes=2)
# Later than that, a time without its day would mislead.
_SAME_DAY = timedelta(hours=20)
# With more of them there is no room for what they are told.
_MOST_MENTIONED = 100
_SECTION = 2_900
_LONGEST_LINK = 3_000
# Slack refuses messages whose blocks hold much more in all, with msg_blocks_too_long.
_BLOCKS = 11_000
# The rest stands in the build's details.
_LONGEST_NOTES = 1_500


def reply(job: Job, now: datetime) -> Message:
    """Tell the one who waits; an error is told whole, as far as Slack takes it."""
    said = [f"{mentions(job)} #{job.id}", f"{_ending(job)}{_late(job, now)}", _zip(job.outcome)]
    error = _error(job.outcome)
    more = _more(job)
    blocks: list[Block] = [section(part) for part in together(said)]
    room = _BLOCKS - sum(map(len, said))
    for part in (error, more):
        cut = sections(part, most=max(1, room // _SECTION))
        blocks += cut
        room -= sum(len(each.text.text) for each in cut if each.text)
    return message("\n".join(filter(None, [*together(said), error, more])), blocks)


def together(said: list[str]) -> list[str]:
    """Say it in one section, or in more where people or links are too many for one."""
    parts: list[str] = []
    for each in filter(None, said):
        if parts and len(parts[-1]) + len(each) < _SECTION:
            parts[-1] += f" {each}"
        else:
            parts.append(each)
    return parts


def mentions(job: Job) -> str:
    """Mention who asked, and who asked for the same while it was being built."""
    users = list(dict.fromkeys([job.asker.user_id, *job.watchers]))
    left = len(users) - _MOST_MENTIONED
    more = f" and {left} more:" if left > 0 else ""
    return " ".join(f"<@{user}>" for user in users[:_MOST_MENTIONED]) + more


def _more(job: Job) -> str:
    """Say what helps: what is new in a build that is ready, a hint for one that failed."""
    match job.outcome:
        case Ready():
            since = job.resolved.changes if job.resolved else None
            return "\n".join(filter(None, [_notes(job), changes(since) if since else ""]))
        case Failed(messages=messages):
            return hint(messages) or ""
        case Refused(sentence=sentence):
            return hint([sentence]) or ""
        case _:
            return ""


def _notes(job: Job) -> str:
    notes = job.request.options.notes
    if not notes:
        return ""
    return "*Release notes:*\n" + quoted(lines(clip(notes, _LONGEST_NOTES)))


def _ending(job: Job) -> str:
    took = duration(job.took) if job.took is not None else ""
    match job.outcome:
        case Ready():
            return f"is ready: {title(job)}, {took}."
        case Failed():
            return f"failed after {took}: {title(job)}."
        case Expired():
            return f"has had no answer from PlayCanvas in {took}: {title(job)}."
        case Cancelled(by=by):
            return f"was cancelled by {_whom(job, by)} before it started: {title(job)}."
        case Unwatched(by=by):
            unseen = "PlayCanvas will finish it unseen."
            return f"is no longer watched, as {_whom(job, by)} wished: {title(job)}. {unseen}"
        case _:
            return f"{_not_taken(job)}: {title(job)}."


def _whom(job: Job, user_id: str) -> str:
    """Name who did it, to the one person or the several who read it."""
    return "you" if {job.asker.user_id, *job.watchers} == {user_id} else f"<@{user_id}>"


def _not_taken(job: Job) -> str:
    return "was lost sight of" if job.remote_id else "was not started"


def _error(outcome: Outcome | None) -> str:
    match outcome:
        case Failed(messages=messages) if any(messages):
            return "PlayCanvas said:\n" + quoted(lines("\n".join(messages)))
        case Failed():
            return "PlayCanvas gave no reason."
        case Refused(sentence=sentence) | Unreachable(sentence=sentence):
            return quoted(lines(sentence))
        case Expired(sentence=str(sentence)):
            return "The last look said:\n" + quoted(lines(sentence))
        case _:
            return ""


def _late(job: Job, now: datetime) -> str:
    if job.finished_at is None or now - job.finished_at < _LATE or job.state is JobState.EXPIRED:
        return ""
    shown = clock if now - job.finished_at < _SAME_DAY else moment
    return f" (finished {shown(job.finished_at)}, I was away until {shown(now)})"


def _zip(outcome: Outcome | None) -> str:
    if not isinstance(outcome, Ready):
        return ""
    zipped = link(outcome.url, "Download zip")
    return zipped if len(zipped) <= _LONGEST_LINK else "Its link is longer than Slack takes."
