"""Words that messages share: escaped text, durations, times, places in line."""

import unicodedata
from datetime import datetime

from bot.builds import saying
from bot.builds.job import Job, JobKind
from bot.builds.outcome import Complete, Incomplete, Outcome, Ready

age, duration, ordinal, usually = saying.age, saying.duration, saying.ordinal, saying.usually
# Wide enough to read, short enough for ten names in a section of 3,000 characters.
_LONGEST_NAME = 150
_TURNS_TEXT_AROUND = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e"} | {
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
}


def escape(text: str) -> str:
    """Disarm what Slack would read as a mention, a link or a command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clip(text: str, most: int = _LONGEST_NAME) -> str:
    """Shorten to `most` characters, the last of them an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def name(text: str, most: int = _LONGEST_NAME) -> str:
    """Show a name that a person or a server supplied: one line, escaped, of bounded length."""
    return escape(clip(" ".join(_visible(text).split()), most))


def lines(text: str) -> str:
    """Show foreign text of several lines, without characters that would rearrange it."""
    return "\n".join(_visible(line) for line in text.splitlines())


def clock(at: datetime) -> str:
    """Show a time in the reader's own zone."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at:%H:%M} UTC>"


def moment(at: datetime) -> str:
    """Show a day and a time in the reader's own zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def title(job: Job) -> str:
    """Name a job as people know it: project and scenes, or the branch archived; escaped."""
    request = job.request
    project = name(request.options.name or request.alias or f"Project {request.project}", 80)
    if job.kind is JobKind.ARCHIVE:
        several = job.request.branches is not None
        return f"{project} · {'archives' if several else f'archive of {branch(job)}'}"
    scenes = [item.name for item in job.resolved.scenes] if job.resolved else job.request.scenes
    more = f" +{len(scenes) - 1} more" if len(scenes) > 1 else ""
    return f"{project} · {name(scenes[0], 80)}{more}"


def archived(outcome: Outcome | None) -> str:
    """Count how several archives ended: 11 archived, 1 failed; nothing for other endings."""
    match outcome:
        case Complete(ready):
            return f"{ready} archived"
        case Incomplete(ready, failed, stopped):
            counts = {"archived": ready, "failed": failed, "stopped": stopped}
            told = counts.items()
            return ", ".join(f"{n} {how}" for how, n in told if n or how == "archived")
        case _:
            return ""


def branch(job: Job) -> str:
    """Name the branch, as code; without one PlayCanvas takes the main one."""
    known = job.resolved.branch.name if job.resolved and job.resolved.branch else None
    # a backtick would end the code
    return f"`{name(known or job.request.branch or 'main').replace('`', '’')}`"


def engine(job: Job) -> str:
    """Name the engine version, and any difference between what was asked and what came."""
    asked = job.request.options.engine or (job.resolved.engine if job.resolved else None)
    carries = job.outcome.engine_version if isinstance(job.outcome, Ready) else None
    if asked and carries and asked != carries:
        return f"engine {name(carries)} (asked for {name(asked)})"
    known = carries or asked
    return f"engine {name(known)}" if known else "engine: PlayCanvas’s default"


def _visible(text: str) -> str:
    return "".join(
        " " if unicodedata.category(char) == "Cc" else char
        for char in text
        if char not in _TURNS_TEXT_AROUND
    )
