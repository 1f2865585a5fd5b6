"""The list of builds: what is under way, what is over, and the pages of it."""

from dataclasses import replace
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InteractiveElement,
    Option,
    StaticSelectElement,
)

from bot.builds.history import Listing, Page
from bot.builds.job import TERMINAL, Job, JobKind, JobState
from bot.builds.projects import Known
from bot.builds.words import quote
from bot.slack.messages.card import DETAILS, download, emoji
from bot.slack.messages.message import Message, message
from bot.slack.messages.mrkdwn import when
from bot.slack.messages.sections import cut, section, sections
from bot.slack.messages.words import archived, duration, name, title, unescape

OLDER = "builds_older"
NEWER = "builds_newer"
# Thirty rows of this length are well below what one message may hold.
_LONGEST_TITLE = 160


def builds_list(page: Page, channel_id: str, known: Known, now: datetime) -> Message:
    """Show one page to one person."""
    head = f"*{_what(page.listing, known)}*"
    under_way = [_row(job, channel_id, now) for job in page.running]
    if page.more_running:
        under_way.append(f"… and {page.more_running} more under way")
    listed = [_row(job, channel_id, now) for job in page.listed]
    if not under_way and not listed:
        listed = [_nothing(page.listing)]
    rows = [*under_way, *([""] if under_way and listed else []), *listed]
    blocks: list[Block] = [section(head), *sections("\n".join(rows))]
    if elements := _elements(page):
        blocks.append(ActionsBlock(block_id="builds", elements=elements))
    return message("\n".join([head, *rows]), blocks)


def latest(job: Job, channel_id: str) -> Message:
    """Show the last good build of a project, with its link."""
    row = _row(job, channel_id, job.accepted_at)
    elements = [*download(job), _details(job)]
    return message(row, [section(row), ActionsBlock(block_id="builds", elements=elements)])


def no_latest(project: str, branch: str | None, known: Known) -> Message:
    """Say that there is none, and where to look for those that did not get ready."""
    called = next((each.name for each in known.projects if each.id == project), None)
    on = f" on branch {name(branch)}" if branch else ""
    return message(
        f"I know no build of {name(called or f'project {project}')}{on} that got ready."
        f" What did not: `/builds {name(quote(called or project))} failed`"
    )


def _what(listing: Listing, known: Known) -> str:
    project = next((each for each in known.projects if each.id == listing.project), None)
    state = f"{listing.state} builds" if listing.state else "builds"
    whose = "Your " if listing.mine or listing.state == JobState.REJECTED else ""
    words = f"{whose}{state}"
    words = words[0].upper() + words[1:]
    if listing.project is not None:
        of = f"{name(project.name)} ({project.id})" if project else f"project {listing.project}"
        return f"{words} of {of}"
    return words if listing.mine else f"{words} in this channel"


def _nothing(listing: Listing) -> str:
    if listing == Listing():
        return "There are none yet. Ask for one: `/build help`"
    return "There are none. What else can be listed: `/builds help`"


def _row(job: Job, channel_id: str, now: datetime) -> str:
    where = "" if job.asker.channel_id == channel_id else f" in <#{job.asker.channel_id}>"
    at = job.accepted_at if job.ended_at is None else job.ended_at
    named = cut(unescape(title(job)), _LONGEST_TITLE)
    return (
        f"{emoji(job)} *#{job.id}* {named} — {_standing(job, now)}"
        f" · by <@{job.asker.user_id}>{where} · {when(at)}"
    )


def _standing(job: Job, now: datetime) -> str:
    took = f" {duration(job.took)}" if job.took is not None else ""
    if counts := archived(job.outcome):
        return counts
    if job.state is JobState.RUNNING and job.started_at:
        doing = "archiving" if job.kind is JobKind.ARCHIVE else "building"
        return f"{doing}, {duration(now - job.started_at)} so far"
    if job.state in TERMINAL:
        in_time = {JobState.READY: f"ready in{took}", JobState.FAILED: f"failed after{took}"}
        unstarted = job.state is JobState.FAILED and job.remote_id is None
        return "not started" if unstarted else in_time.get(job.state, str(job.state))
    return "starting" if job.state is JobState.SUBMITTING else "waiting"


def _elements(page: Page) -> list[InteractiveElement]:
    elements: list[InteractiveElement] = []
    jobs = [*page.running, *page.listed]
    if jobs:
        options = [Option(text=f"#{job.id}", value=str(job.id)) for job in jobs]
        elements.append(
            StaticSelectElement(action_id=DETAILS, placeholder="Details of …", options=options)
        )
    if page.newer and page.listed:
        newer = replace(page.listing, before=None, after=page.listed[0].id)
        elements.append(ButtonElement(text="Newer", action_id=NEWER, value=str(newer)))
    if page.older and page.listed:
        older = replace(page.listing, after=None, before=page.listed[-1].id)
        elements.append(ButtonElement(text="Older", action_id=OLDER, value=str(older)))
    return elements


def _details(job: Job) -> InteractiveElement:
    return ButtonElement(text="Details", action_id=DETAILS, value=str(job.id))
