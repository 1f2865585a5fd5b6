"""The reply: the one message in a card's thread that mentions who asked and says how it ended."""

from datetime import datetime, timedelta

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

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
from bot.slack.messages.words import clock, duration, escape, lines, title, unescape

_LATE = timedelta(minutes=2)
_SECTION = 2_900
_MOST_SECTIONS = 10


def reply(job: Job, now: datetime) -> Message:
    """Tell the one who waits; an error is told whole."""
    mention = f"<@{job.asker.user_id}> #{job.id}"
    said = f"{mention} {_ending(job)}{_late(job, now)}"
    error = _error(job.outcome)
    more = _more(job)
    blocks: list[Block] = [_section(said)]
    blocks += [_section(part) for part in _parts(error)]
    blocks += [_section(part) for part in _parts(more)]
    return message("\n".join(filter(None, [said, error, more])), blocks)


def _more(job: Job) -> str:
    """Say what helps: what changed in a build that is ready, a hint for one that failed."""
    match job.outcome:
        case Ready() if job.resolved and job.resolved.changes:
            return changes(job.resolved.changes)
        case Failed(messages=messages):
            return hint(messages) or ""
        case Refused(sentence=sentence):
            return hint([sentence]) or ""
        case _:
            return ""


def _ending(job: Job) -> str:
    took = duration(job.took) if job.took is not None else ""
    match job.outcome:
        case Ready(url=url):
            return f"is ready: {title(job)}, {took}. <{_link(url)}|Download zip>"
        case Failed():
            return f"failed after {took}: {title(job)}."
        case Expired():
            return f"has had no answer from PlayCanvas in {took}: {title(job)}."
        case Cancelled(by=by):
            return f"was cancelled by <@{by}> before it started: {title(job)}."
        case Unwatched(by=by):
            unseen = "PlayCanvas will finish it unseen."
            return f"is no longer watched, as <@{by}> wished: {title(job)}. {unseen}"
        case _:
            return f"{_not_taken(job)}: {title(job)}."


def _not_taken(job: Job) -> str:
    return "was lost sight of" if job.remote_id else "was not started"


def _error(outcome: Outcome | None) -> str:
    match outcome:
        case Failed(messages=messages) if any(messages):
            return "PlayCanvas said:\n" + _quoted("\n".join(messages))
        case Failed():
            return "PlayCanvas gave no reason."
        case Refused(sentence=sentence) | Unreachable(sentence=sentence):
            return _quoted(sentence)
        case Expired(sentence=str(sentence)):
            return "The last look said:\n" + _quoted(sentence)
        case _:
            return ""


def _late(job: Job, now: datetime) -> str:
    if job.finished_at is None or now - job.finished_at < _LATE or job.state is JobState.EXPIRED:
        return ""
    return f" (finished {clock(job.finished_at)}, I was away until {clock(now)})"


def _quoted(text: str) -> str:
    return "\n".join(f">{escape(line)}" for line in lines(text).split("\n"))


def _link(url: str) -> str:
    # what ends a link in mrkdwn cannot stand in a URL, its percent form can
    safe = url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return "".join(safe.split())


def _parts(error: str) -> list[str]:
    """Cut at line ends into sections; what ten sections cannot hold is counted."""
    parts = [""]
    for line in error.split("\n"):
        for piece in _pieces(line):
            if len(parts[-1]) + len(piece) + 1 > _SECTION:
                parts.append("")
            parts[-1] += f"{piece}\n"
    left = sum(map(len, parts[_MOST_SECTIONS:]))
    kept = [part.rstrip("\n") for part in parts[:_MOST_SECTIONS] if part.strip()]
    return [*kept, f"… and {left} more characters."] if left else kept


def _pieces(line: str) -> list[str]:
    """Cut one line that no section holds, never inside an escaped character or out of its quote."""
    if len(line) < _SECTION:
        return [line]
    mark = ">" if line.startswith(">") else ""
    raw = unescape(line.removeprefix(mark))
    # an escaped character is five at the most
    step = _SECTION // 5 - 1
    return [mark + escape(raw[at : at + step]) for at in range(0, len(raw), step)]


def _section(text: str) -> SectionBlock:
    return SectionBlock(text=MarkdownTextObject(text=text, verbatim=True))
