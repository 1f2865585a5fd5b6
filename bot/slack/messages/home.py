"""App Home: what is under way, what one person built, the projects and lines to paste."""

from collections.abc import Iterable
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    SectionBlock,
)

from bot.builds.command_line import command_line
from bot.builds.job import Job, JobKind, JobState
from bot.builds.outcome import Ready
from bot.builds.overview import Offer, Overview
from bot.builds.request import BuildRequest
from bot.builds.words import quote
from bot.slack.messages.card import emoji
from bot.slack.messages.mrkdwn import code, link, when
from bot.slack.messages.words import archived, duration, engine, escape, name, title

# Beside the names in a section of 3,000 characters.
_LONGEST_LINK = _LONGEST_LINE = 1_500
_UNDER_WAY = {
    JobState.QUEUED: "waiting",
    JobState.SUBMITTING: "starting",
    JobState.RUNNING: "building",
}
_ENDED = {
    JobState.FAILED: "failed",
    JobState.EXPIRED: "no answer from PlayCanvas",
    JobState.UNWATCHED: "no longer watched",
    JobState.CANCELLED: "cancelled",
}
_NOTHING_RUNS = "Nothing is running."
_NOTHING_BUILT = 'Nothing yet. Try `/build 543988 "Level 3"` in a channel.'
_NO_PROJECTS = "No project has a short name yet. `/projects add fruit 543988` gives it one."
_FOLLOWED = "This page follows every change for an hour after you open it."


def home(seen: Overview) -> dict[str, Any]:
    """Show the overview as a Home tab; the same overview is always the same view."""
    blocks: list[Block] = [
        HeaderBlock(text="Running"),
        *_sections(map(_running, seen.running), _NOTHING_RUNS),
        *_more(seen.more_running, "are waiting or running"),
        DividerBlock(),
        HeaderBlock(text="Your last builds"),
        *_sections(map(_ended, seen.recent), _NOTHING_BUILT),
        DividerBlock(),
        HeaderBlock(text="Projects"),
        *_sections(map(_offer, seen.offers), _NO_PROJECTS),
        *_more(seen.more_offers, "are listed by `/projects`"),
        ContextBlock(elements=[_mrkdwn(_FOLLOWED)]),
    ]
    return {"type": "home", "blocks": [block.to_dict() for block in blocks]}


def _running(job: Job) -> str:
    since = when(job.started_at or job.accepted_at)
    archives = job.state is JobState.RUNNING and job.kind is JobKind.ARCHIVE
    state = "archiving" if archives else _UNDER_WAY.get(job.state, job.state)
    head = f"{emoji(job)} *#{job.id} · {title(job)}* — {state} since {since}"
    return f"{head}\n{_carries(job)}by <@{job.asker.user_id}> in <#{job.asker.channel_id}>"


def _ended(job: Job) -> str:
    took = duration(job.took) if job.took is not None else ""
    state = f"ready in {took}" if job.state is JobState.READY else _ENDED.get(job.state, job.state)
    state = archived(job.outcome) or state
    head = f"{emoji(job)} *#{job.id} · {title(job)}* — {state}"
    facts = [_carries(job) + when(job.finished_at or job.accepted_at), *_download(job)]
    return f"{head}\n{' · '.join(facts)}"


def _carries(job: Job) -> str:
    """Name the engine of a build; an archive carries none."""
    return "" if job.kind is JobKind.ARCHIVE else f"{engine(job)} · "


def _download(job: Job) -> Iterable[str]:
    if isinstance(job.outcome, Ready) and len(job.outcome.url) <= _LONGEST_LINK:
        yield link(job.outcome.url, "Download zip")


def _offer(offer: Offer) -> str:
    project = offer.project
    facts = [f"id {project.id}"]
    if project.engine:
        facts.append(f"engine {name(project.engine)}")
    if project.branch:
        facts.append(f"branch {code(name(project.branch))}")
    return f"*{name(project.name)}* · {' · '.join(facts)}\n{_line(offer)}"


def _line(offer: Offer) -> str:
    project = offer.project
    scenes = code(name(f"/projects scenes {quote(project.name)}"))
    if not offer.scenes:
        return f"{scenes} lists its scenes."
    request = BuildRequest(project.id, offer.scenes, alias=project.name)
    line = code(escape(command_line(request)))
    return line if len(line) <= _LONGEST_LINE else f"{scenes} lists its scenes."


def _more(number: int, are: str) -> list[Block]:
    return [_section(f"… and {number} more {are}.")] if number else []


def _sections(texts: Iterable[str], none: str) -> list[Block]:
    return [_section(text) for text in texts] or [_section(none)]


def _section(text: str) -> Block:
    return SectionBlock(text=_mrkdwn(text))


def _mrkdwn(text: str) -> MarkdownTextObject:
    # verbatim: Slack does not turn bare URLs and names into links
    return MarkdownTextObject(text=text, verbatim=True)
