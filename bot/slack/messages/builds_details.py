"""The details of one build: every parameter, id, move and word of the server, and the links."""

from dataclasses import fields
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.builds.history import Event, Story
from bot.builds.job import TERMINAL, Job
from bot.builds.outcome import Expired, Failed, Ready, Refused, Rejected, Unreachable
from bot.slack.messages.card import Forecast, emoji, standing
from bot.slack.messages.message import Message, message
from bot.slack.messages.mrkdwn import link, when
from bot.slack.messages.sections import cut, quoted, section, sections
from bot.slack.messages.words import lines, name, title, unescape

# Slack refuses messages whose blocks hold much more than eleven thousand characters in all.
_LONGEST_PROSE = 1_000
_LONGEST_VALUE = 150
_LONGEST_NAME = 80
_LONGEST_LINK = 2_000
_MOST_SCENES = 15
_MOST_EVENTS = 15
_PROJECT_PAGE = "https://playcanvas.com/project/"


def details(story: Story) -> Message:
    """Tell everything that is known of a build to one person."""
    job = story.job
    head = f"{emoji(job)} *#{job.id} · {title(job)}* — {standing(job, Forecast())}"
    parts = [_links(job), _asked(job), _ids(job), _moves(story.events), _said(job)]
    blocks: list[Block] = [section(head)]
    for part in filter(None, parts):
        blocks += sections(part, most=2)
    return message("\n".join([head, *filter(None, parts)]), blocks)


def _links(job: Job) -> str:
    links = [link(f"{_PROJECT_PAGE}{job.request.project}", "Project at PlayCanvas")]
    if isinstance(job.outcome, Ready):
        zipped = link(job.outcome.url, "Download zip")
        links.append(zipped if len(zipped) < _LONGEST_LINK else "The link is in the card’s thread.")
    return " · ".join(links)


def _asked(job: Job) -> str:
    asker = job.asker
    who = f"Asked for by <@{asker.user_id}> in <#{asker.channel_id}>, {when(job.accepted_at)}."
    watchers = [user for user in job.watchers if user != asker.user_id]
    also = f"Also for {_people(watchers)}." if watchers else ""
    again = f"Once more after #{job.retry_of}." if job.retry_of else ""
    return "\n".join(["*Request*", " ".join(filter(None, [who, also, again])), *_options(job)])


def _options(job: Job) -> list[str]:
    request, rows = job.request, []
    if job.resolved is None and request.scenes:
        typed = ", ".join(_name(scene) for scene in request.scenes[:_MOST_SCENES])
        rows.append(f"• scenes as typed: {typed}")
    if request.branches is not None:
        asked = f"{len(request.branches)} of them" if request.branches else "every open one"
        rows.append(f"• branches: {asked}")
    if request.branch is not None:
        rows.append(f"• branch: {_name(request.branch, _LONGEST_VALUE)}")
    for option in fields(request.options):
        value = getattr(request.options, option.name)
        if isinstance(value, bool):
            rows.append(f"• {option.name}: {'yes' if value else 'no'}")
        elif value is not None and option.name in {"notes", "description"}:
            rows.append(f"• {option.name}:\n{_prose(value)}")
        elif value is not None:
            rows.append(f"• {option.name}: {_name(value, _LONGEST_VALUE)}")
    return rows


def _ids(job: Job) -> str:
    rows = [f"• project `{name(job.request.project)}`"]
    if job.resolved is not None:
        branch, scenes = job.resolved.branch, job.resolved.scenes
        if branch is not None:
            rows.append(f"• branch {_name(branch.name)} `{name(branch.id)}`")
        if job.resolved.checkpoint_id is not None:
            rows.append(f"• checkpoint `{name(job.resolved.checkpoint_id)}`")
        rows += [f"• scene {_name(each.name)} `{name(each.id)}`" for each in scenes[:_MOST_SCENES]]
        if len(scenes) > _MOST_SCENES:
            rows.append(f"… and {len(scenes) - _MOST_SCENES} more scenes")
    if job.remote_id is not None:
        rows.append(f"• job `{job.remote_id}`")
    engine = job.outcome.engine_version if isinstance(job.outcome, Ready) else None
    sent = job.resolved.engine if job.resolved else None
    rows += [f"• engine built with {name(engine)}"] if engine else []
    rows += [f"• engine sent {name(sent)}"] if sent else []
    return "\n".join(["*At PlayCanvas*", *rows])


def _moves(events: tuple[Event, ...]) -> str:
    rows = [_move(event) for event in events]
    if len(rows) > _MOST_EVENTS:
        left = len(rows) - _MOST_EVENTS
        rows = [rows[0], f"… {left} more", *rows[-_MOST_EVENTS + 1 :]]
    return "\n".join(["*What happened*", *rows])


def _move(event: Event) -> str:
    detail = f": {_name(event.detail)}" if event.detail else ""
    return f"• {_exactly(event.at)} {event.after}{detail}"


def _exactly(at: datetime) -> str:
    fallback = f"{at:%Y-%m-%d %H:%M:%S} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time_secs}}|{fallback}>"


def _said(job: Job) -> str:
    trouble = job.trouble if job.state not in TERMINAL else None
    match job.outcome:
        case Failed(messages=messages):
            said = "\n".join(messages)
        case Refused(sentence=sentence) | Unreachable(sentence=sentence):
            said = sentence
        case Rejected(problem=problem):
            said = problem
        case Expired(sentence=sentence):
            said = sentence or ""
        case _:
            said = trouble or ""
    return f"*What was said*\n{_prose(said)}" if said.strip() else ""


def _name(text: str, most: int = _LONGEST_NAME) -> str:
    return cut(unescape(name(text, most)), most)


def _prose(text: str) -> str:
    return quoted(unescape(cut(lines(text), _LONGEST_PROSE)))


def _people(users: list[str]) -> str:
    most = 20
    more = f" and {len(users) - most} more" if len(users) > most else ""
    return " ".join(f"<@{user}>" for user in users[:most]) + more
