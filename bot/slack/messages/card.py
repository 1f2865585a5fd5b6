"""The card: the one message of a job, edited in place until it is over."""

from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    InteractiveElement,
    MarkdownTextObject,
    SectionBlock,
)

from bot.builds.job import Job, JobState
from bot.builds.outcome import Cancelled, Failed, Ready, Refused, Unreachable, Unwatched
from bot.builds.pacing import Usual
from bot.slack.messages.hints import hint
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import (
    clip,
    clock,
    duration,
    engine,
    escape,
    lines,
    name,
    ordinal,
    title,
    usually,
)

DOWNLOAD = "download"
STOP = "stop"
REBUILD = "rebuild"
RETRY = "retry"
_LONGEST_QUOTE = 300

_EMOJI = {
    JobState.READY: ":white_check_mark:",
    JobState.FAILED: ":x:",
    JobState.EXPIRED: ":warning:",
    JobState.UNWATCHED: ":see_no_evil:",
    JobState.CANCELLED: ":no_entry_sign:",
}


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known of the time ahead of a job that is not over."""

    place: int | None = None
    starts_at: datetime | None = None
    usual: Usual | None = None


def card(job: Job, forecast: Forecast) -> Message:
    """Show a job as it is now."""
    emoji = _EMOJI.get(job.state, ":hourglass_flowing_sand:")
    state = _state(job, forecast)
    quote = _quote(job)
    facts = _facts(job, forecast)
    head = f"{emoji} *#{job.id} · {title(job)}* — {state}" + (f"\n{quote}" if quote else "")
    blocks: list[Block] = [
        SectionBlock(block_id="head", text=_mrkdwn(head)),
        ContextBlock(block_id="facts", elements=[_mrkdwn(facts)]),
    ]
    if buttons := _buttons(job):
        blocks.append(ActionsBlock(block_id="buttons", elements=buttons))
    return message(
        "\n".join(filter(None, [f"#{job.id} · {title(job)} — {state}", quote, facts])), blocks
    )


def _state(job: Job, forecast: Forecast) -> str:
    took = duration(job.took) if job.took is not None else ""
    states = {
        JobState.ACCEPTED: "accepted",
        JobState.QUEUED: _waiting(job, forecast),
        JobState.SUBMITTING: "starting",
        JobState.RUNNING: "building",
        JobState.READY: f"ready in {took}",
        JobState.FAILED: f"failed after {took}" if job.remote_id else "not started",
        JobState.EXPIRED: f"no answer from PlayCanvas in {took}",
        JobState.UNWATCHED: "no longer watched; PlayCanvas will finish it unseen",
        JobState.CANCELLED: "cancelled before it started",
        JobState.REJECTED: "not started",
    }
    return states[job.state]


def _waiting(job: Job, forecast: Forecast) -> str:
    if job.trouble:
        at = max(filter(None, [job.due_at, forecast.starts_at]), default=None)
        again = f"; next try about {clock(at)}" if at else ""
        return f"waiting: {name(job.trouble, _LONGEST_QUOTE)}{again}"
    place = f", {ordinal(forecast.place)} in line" if forecast.place else ""
    starts = f", starts about {clock(forecast.starts_at)}" if forecast.starts_at else ""
    return f"queued{place}{starts}"


def _quote(job: Job) -> str:
    match job.outcome:
        case Failed(messages=messages):
            words = clip(" ".join(lines(" ".join(messages)).split()), _LONGEST_QUOTE)
            said = f"PlayCanvas said: “{escape(words)}”" if words else "PlayCanvas gave no reason."
            return "\n".join(filter(None, [said, hint(messages)]))
        case Refused(sentence=sentence) | Unreachable(sentence=sentence):
            return name(sentence, _LONGEST_QUOTE)
        case Cancelled(by=by) | Unwatched(by=by):
            return f"Stopped by <@{by}>."
        case _:
            return ""


def _facts(job: Job, forecast: Forecast) -> str:
    options = job.request.options
    branch = job.resolved.branch.name if job.resolved and job.resolved.branch else "main"
    facts = [f"branch `{name(branch).replace('`', '’')}`", engine(job), options.format or "static"]
    if options.target:
        facts.append(f"target {options.target}")
    if options.version:
        facts.append(f"version {name(options.version)}")
    facts.append(f"by <@{job.asker.user_id}>")
    if job.state is JobState.RUNNING and forecast.usual:
        facts.append(usually(forecast.usual))
    return " · ".join(facts)


def _buttons(job: Job) -> list[InteractiveElement]:
    match job.state:
        case JobState.QUEUED:
            return [_button("Cancel", STOP, job)]
        case JobState.RUNNING:
            return [_button("Stop watching", STOP, job)]
        case JobState.READY:
            return [*_download(job), _button("Rebuild", REBUILD, job)]
        case JobState.FAILED | JobState.EXPIRED:
            return [_button("Retry", RETRY, job)]
        case JobState.CANCELLED | JobState.UNWATCHED:
            return [_button("Rebuild", REBUILD, job)]
        case _:
            return []


def _download(job: Job) -> list[InteractiveElement]:
    # Slack refuses longer ones; the reply carries the link all the same.
    longest = 3_000
    if not isinstance(job.outcome, Ready) or len(job.outcome.url) > longest:
        return []
    return [
        ButtonElement(text="Download zip", action_id=DOWNLOAD, url=job.outcome.url, style="primary")
    ]


def _button(text: str, action_id: str, job: Job) -> InteractiveElement:
    return ButtonElement(text=text, action_id=action_id, value=str(job.id))


def _mrkdwn(text: str) -> MarkdownTextObject:
    # verbatim: Slack does not turn bare URLs and names into links
    return MarkdownTextObject(text=text, verbatim=True)
