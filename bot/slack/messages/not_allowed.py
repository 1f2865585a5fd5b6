"""Answers to who may not: what is in the way, and whom to ask."""

from typing import Any

from slack_sdk.models.views import View

from bot.builds.rights import Lack, Refusal, Right
from bot.slack.messages.message import Message, message
from bot.slack.messages.sections import section

_MOST_NAMED = 5
_WHAT = {
    Right.BUILD: "start builds",
    Right.CHANGE: "change the catalogue",
    Right.STOP: "stop what someone else asked for",
    Right.AUDIT: "read who did what",
}


def not_allowed(refusal: Refusal) -> Message:
    """Say to the one who asked why nothing happened, and what to do."""
    return message(f"{plainly(refusal)} {_next(refusal)}")


def not_allowed_view(refusal: Refusal) -> dict[str, Any]:
    """Say the same in place of a form."""
    said = [section(not_allowed(refusal).text)]
    view = View(type="modal", title="Not started", close="Close", blocks=said)
    shown: dict[str, Any] = view.to_dict()
    return shown


def plainly(refusal: Refusal) -> str:
    """Say why nothing happened where Slack shows plain text only."""
    what = _WHAT[refusal.right]
    if refusal.lack is Lack.PLACE:
        return "Builds are not started in this channel, so nothing was started."
    if refusal.lack is Lack.GROUP:
        groups = ", ".join(refusal.named[:_MOST_NAMED])
        return f"I don’t know yet who is in the user group {groups}, so nobody in it can {what}."
    return f"You may not {what}, so nothing was done."


def _next(refusal: Refusal) -> str:
    if refusal.lack is Lack.PLACE:
        return f"Ask in {_listed([f'<#{each}>' for each in refusal.named])}."
    if refusal.lack is Lack.GROUP:
        return "Try again in a minute; if that does not help, an admin asks `python -m bot doctor`."
    if refusal.admins:
        return f"Ask {_listed([f'<@{each}>' for each in refusal.admins])}."
    return "Ask whoever runs this bot."


def _listed(mentions: list[str]) -> str:
    """Name a few; a mention that one person alone sees alerts nobody."""
    return " or ".join(mentions[:_MOST_NAMED])
