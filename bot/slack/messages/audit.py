"""The audit trail, page by page: who did what, when and where."""

from dataclasses import replace

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.builds.audit import Act, AuditListing, AuditPage, Entry
from bot.builds.projects import Known
from bot.slack.messages.builds_list import OLDER
from bot.slack.messages.message import Message, message
from bot.slack.messages.mrkdwn import when
from bot.slack.messages.sections import section, sections
from bot.slack.messages.words import name

_CATALOGUE = {Act.ADDED, Act.CHANGED, Act.REMOVED}


def audit(page: AuditPage, known: Known) -> Message:
    """Show one page to one admin."""
    head = f"*{_what(page.listing, known)}*"
    rows = "\n".join(map(_row, page.entries)) or "Nothing."
    blocks: list[Block] = [section(head), *sections(rows)]
    if page.older and page.entries:
        older = replace(page.listing, before=page.entries[-1].id)
        button = ButtonElement(text="Older", action_id=OLDER, value=str(older))
        blocks.append(ActionsBlock(block_id="audit", elements=[button]))
    return message(f"{head}\n{rows}", blocks)


def _what(listing: AuditListing, known: Known) -> str:
    project = next((each for each in known.projects if each.id == listing.project), None)
    of = f" in {name(project.name)} ({project.id})" if project else ""
    of = of or (f" in project {listing.project}" if listing.project else "")
    days = listing.span.total_seconds() / 86_400
    return f"Who did what{of}, the last {days:g} {'day' if days == 1 else 'days'}"


def _row(entry: Entry) -> str:
    about = "short name " if entry.act in _CATALOGUE else ""
    job = f"#{entry.job_id} " if entry.job_id is not None else ""
    where = "" if entry.channel_id.startswith("D") else f" in <#{entry.channel_id}>"
    what = f"{about}{job}{name(entry.subject)}"
    return f"• {when(entry.at)} <@{entry.user_id}> {entry.act} {what}{where}"
