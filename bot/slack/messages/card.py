"""The card: the one message of a job, edited in place until it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    InteractiveElement,
    MarkdownTextObject,
    SectionBlock,
)

from bot.builds.apps import NamedApp
from bot.builds.job import Job, JobKind, JobState
from bot.builds.outcome import Cancelled, Failed, Incomplete, Ready, Refused, Unreachable, Unwatched
from bot.builds.usual import Usual
from bot.slack.messages.hints import hint
from bot.slack.messages.link_post import get_my_link
from bot.slack.messages.message import Message, message
from bot.slack.messages.words import (
    age,
    archived,
    branch,
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
WATCH_AGAIN = "watch_again"
CHECK_NOW = "check_now"
DETAILS = "details"
RETRY_ON_ENGINE = "retry_on_engine"
_LONGEST_QUOTE = 300
# Their beginning; the reply has more of them.
_LONGEST_NOTES = 120

_EMOJI = {
    JobState.READY: ":white_check_mark:",
    JobState.FAILED: ":x:",
    JobState.EXPIRED: ":warning:",
    JobState.UNWATCHED: ":see_no_evil:",
    JobState.CANCELLED: ":no_entry_sign:",
}
_LONGEST_ENGINE = 100


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the card says beside the job: the line, its age, the usual, what others tell of it.

    `again` is the job that was started in its place.
    """

    place: int | None = None
    starts_at: datetime | None = None
    usual: Usual | None = None
    elapsed: timedelta | None = None
    again: int | None = None
    other_engine: str | None = None
    apps: tuple[NamedApp, ...] = ()


def card(job: Job, forecast: Forecast) -> Message:
    """Show a job as it is now."""
    state = standing(job, forecast)
    quote = _quote(job, forecast)
    facts = _facts(job, forecast)
    head = f"{emoji(job)} *#{job.id} · {title(job)}* — {state}" + (f"\n{quote}" if quote else "")
    blocks: list[Block] = [
        SectionBlock(block_id="head", text=_mrkdwn(head)),
        ContextBlock(block_id="facts", elements=[_mrkdwn(facts)]),
    ]
    blocks.append(ActionsBlock(block_id="buttons", elements=buttons(job, forecast)))
    return message(
        "\n".join(filter(None, [f"#{job.id} · {title(job)} — {state}", quote, facts])), blocks
    )


def buttons(job: Job, forecast: Forecast) -> list[InteractiveElement]:
    """Offer what can be done with a job where it is."""
    steering = [*_steering(job), *_other_engine(job, forecast)]
    links = get_my_link(job.id, forecast.apps)
    return [*download(job), *links, *steering, _button("Details", DETAILS, job)]


def emoji(job: Job) -> str:
    """Picture where a job is; the words say it as well."""
    return _EMOJI.get(job.state, ":hourglass_flowing_sand:")


def standing(job: Job, forecast: Forecast) -> str:
    """Say where a job is, and what is known of the time ahead."""
    took = duration(job.took) if job.took is not None else ""
    states = {
        JobState.ACCEPTED: "accepted",
        JobState.QUEUED: _waiting(job, forecast),
        JobState.SUBMITTING: "starting",
        JobState.RUNNING: _building(job, forecast),
        JobState.READY: f"ready in {took}",
        JobState.FAILED: f"failed after {took}" if job.started_at else "not started",
        JobState.EXPIRED: f"no answer from PlayCanvas in {took}",
        JobState.UNWATCHED: "no longer watched; PlayCanvas will finish it unseen",
        JobState.CANCELLED: "cancelled before it started",
        JobState.REJECTED: "not started",
    }
    return archived(job.outcome) or states[job.state]


def _building(job: Job, forecast: Forecast) -> str:
    doing = "archiving" if job.kind is JobKind.ARCHIVE else "building"
    return f"{doing} · {age(forecast.elapsed)}" if forecast.elapsed else doing


def _waiting(job: Job, forecast: Forecast) -> str:
    if job.trouble:
        at = max(filter(None, [job.due_at, forecast.starts_at]), default=None)
        again = f"; next try about {clock(at)}" if at else ""
        return f"waiting: {name(job.trouble, _LONGEST_QUOTE)}{again}"
    place = f", {ordinal(forecast.place)} in line" if forecast.place else ""
    starts = f", starts about {clock(forecast.starts_at)}" if forecast.starts_at else ""
    return f"queued{place}{starts}"


def _quote(job: Job, forecast: Forecast) -> str:
    match job.outcome:
        case Failed(messages=messages):
            words = clip(" ".join(lines(" ".join(messages)).split()), _LONGEST_QUOTE)
            said = f"PlayCanvas said: “{escape(words)}”" if words else "PlayCanvas gave no reason."
            return "\n".join(filter(None, [said, hint(messages)]))
        case Refused(sentence=sentence) | Unreachable(sentence=sentence):
            return name(sentence, _LONGEST_QUOTE)
        case Cancelled(by=by) | Unwatched(by=by):
            again = f", started again as #{forecast.again}" if forecast.again else ""
            return f"Stopped by <@{by}>{again}."
        case _:
            return ""


def _facts(job: Job, forecast: Forecast) -> str:
    options = job.request.options
    facts = []
    if job.kind is JobKind.BUILD:
        facts += [f"branch {branch(job)}", engine(job), options.format or "static"]
    if options.target:
        facts.append(f"target {options.target}")
    if options.version:
        facts.append(f"version {name(options.version)}")
    facts.append(f"by <@{job.asker.user_id}>")
    if job.state is JobState.RUNNING and job.started_at:
        facts.append(f"since {clock(job.started_at)}")
    if job.state is JobState.RUNNING and forecast.usual:
        facts.append(usually(forecast.usual))
    notes = f"\nnotes: {name(options.notes, _LONGEST_NOTES)}" if options.notes else ""
    return " · ".join(facts) + notes


def _steering(job: Job) -> list[InteractiveElement]:
    steering = {
        JobState.QUEUED: [("Cancel", STOP)],
        JobState.RUNNING: [("Stop watching", STOP)],
        JobState.READY: [("Rebuild", REBUILD)],
        JobState.FAILED: [("Retry", RETRY)],
        JobState.EXPIRED: [("Check now", CHECK_NOW), ("Retry", RETRY)],
        JobState.CANCELLED: [("Rebuild", REBUILD)],
        JobState.UNWATCHED: [("Watch again", WATCH_AGAIN), ("Rebuild", REBUILD)],
    }
    offered = steering.get(job.state, [])
    if job.kind is JobKind.ARCHIVE:
        offered = [("Archive again" if way == REBUILD else label, way) for label, way in offered]
    if job.request.branches is not None:
        # Several archives have no one job at PlayCanvas; those that are ready stay so.
        offered = [(_left(job), way) for _, way in offered if way in {RETRY, REBUILD}] or [
            each for each in offered if each[1] != WATCH_AGAIN
        ]
    return [_button(label, action_id, job) for label, action_id in offered]


def _left(job: Job) -> str:
    """Name what a second round of several archives makes: those that are not ready, or all."""
    if job.state is JobState.READY:
        return "Archive again"
    failed_only = isinstance(job.outcome, Incomplete) and not job.outcome.stopped
    return "Retry failed" if failed_only else "Archive the rest"


def _other_engine(job: Job, forecast: Forecast) -> list[InteractiveElement]:
    engine = forecast.other_engine
    if job.kind is not JobKind.BUILD or job.state is not JobState.FAILED or engine is None:
        return []
    # It is PlayCanvas's word; no version is longer, and a button takes no more than 2,000.
    if len(engine) > _LONGEST_ENGINE:
        return []
    label = f"Retry with engine {clip(engine, 40)}"
    value = f"{job.id} {engine}"
    return [ButtonElement(text=label, action_id=RETRY_ON_ENGINE, value=value)]


def download(job: Job) -> list[InteractiveElement]:
    """Offer the zip of a build that is ready; what is not ready has none."""
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
