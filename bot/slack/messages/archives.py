"""Several archives at once: one card with a line for each branch, one reply with the count."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ContextBlock, MarkdownTextObject

from bot.builds.job import TERMINAL, Job, JobState
from bot.builds.outcome import Failed, Ready, Refused, Unreachable
from bot.slack.messages.card import Forecast, buttons, emoji
from bot.slack.messages.message import Message, message
from bot.slack.messages.mrkdwn import link
from bot.slack.messages.reply import mentions, together
from bot.slack.messages.sections import section
from bot.slack.messages.words import branch, clip, duration, name, title

_SECTION = 2_900
_MOST_SECTIONS = 3
_LONGEST_LINK = 500
_STANDING = {
    JobState.QUEUED: "waiting",
    JobState.SUBMITTING: "starting",
    JobState.RUNNING: "archiving",
    JobState.EXPIRED: "no answer from PlayCanvas",
    JobState.UNWATCHED: "no longer watched",
    JobState.CANCELLED: "cancelled",
}
# What needs a look comes first, what only waits comes last.
_ORDER = [JobState.FAILED, JobState.EXPIRED, JobState.RUNNING, JobState.SUBMITTING, JobState.READY]


def card(job: Job, children: Sequence[Job]) -> Message:
    """Show where each branch is, as many as there is room for."""
    head = f"#{job.id} · {title(job)}* — {tally(children)}"
    lines = [_line(each) for each in sorted(children, key=_urgency)]
    parts = _parts(lines)
    facts = f"by <@{job.asker.user_id}>"
    blocks: list[Block] = [section(f"{emoji(job)} *{head}"), *map(section, parts)]
    blocks.append(
        ContextBlock(block_id="facts", elements=[MarkdownTextObject(text=facts, verbatim=True)])
    )
    blocks.append(ActionsBlock(block_id="buttons", elements=buttons(job, Forecast())))
    return message("\n".join([head.replace("*", ""), *parts, facts]), blocks)


def reply(job: Job, children: Sequence[Job]) -> Message:
    """Tell the one who waits how many there are."""
    took = f", {duration(job.took)}" if job.took is not None else ""
    told = f"is over: {title(job)}{took}. {tally(children)}."
    said = together([f"{mentions(job)} #{job.id}", told])
    failed = [_line(each) for each in children if each.state in _ORDER[:2]]
    parts = [*said, *_parts(failed)]
    return message("\n".join(parts), list(map(section, parts)))


def tally(children: Sequence[Job]) -> str:
    """Count: 11 archived, 1 failed."""
    ready = sum(each.state is JobState.READY for each in children)
    failed = sum(each.state in {JobState.FAILED, JobState.EXPIRED} for each in children)
    stopped = sum(each.state in {JobState.CANCELLED, JobState.UNWATCHED} for each in children)
    left = sum(each.state not in TERMINAL for each in children)
    counts = [
        f"{ready} archived",
        f"{failed} failed" if failed else "",
        f"{stopped} stopped" if stopped else "",
        f"{left} to go" if left else "",
    ]
    return ", ".join(filter(None, counts))


def _urgency(child: Job) -> tuple[int, int]:
    at = _ORDER.index(child.state) if child.state in _ORDER else len(_ORDER)
    return at, child.id


def _line(child: Job) -> str:
    return f"{emoji(child)} {branch(child)} — {_standing(child)}"


def _standing(child: Job) -> str:
    match child.outcome:
        case Ready(url=url) if len(url) <= _LONGEST_LINK:
            return link(url, "Download zip")
        case Ready():
            return f"ready, its link is long: `/builds show {child.id}`"
        case Failed(messages=messages):
            return name(clip(" ".join(messages), 200)) or "PlayCanvas gave no reason"
        case Refused(sentence=sentence) | Unreachable(sentence=sentence):
            return name(sentence, 200)
        case _:
            return _STANDING.get(child.state, child.state.value)


def _parts(lines: Sequence[str]) -> list[str]:
    """Fill a few sections; what they cannot hold is counted."""
    parts, left = [""], len(lines)
    for line in lines:
        if len(parts[-1]) + len(line) >= _SECTION:
            if len(parts) == _MOST_SECTIONS:
                break
            parts.append("")
        parts[-1] += f"{line}\n"
        left -= 1
    more = [f"and {left} more"] if left else []
    return [*(part.rstrip("\n") for part in parts if part), *more]
