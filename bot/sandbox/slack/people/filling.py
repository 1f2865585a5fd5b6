"""Filling in: submitting and closing modals."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack import payloads
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.forms import View
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.state import filled_in, missing
from bot.sandbox.slack.workspace import User

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(core: Core, user: User, view: View, values: Mapping[str, Any]) -> None:
    """Submit a modal with these answers, by block and action id."""
    blocks = view.content["blocks"]
    view.state = filled_in(blocks, view.state, values)
    absent = missing(blocks, view.state)
    if absent:
        _show_errors(core, view, absent)
        return
    parcel = payloads.interaction(
        core,
        "view_submission",
        user,
        trigger_id=core.triggers.issue(user.id, view.id),
        view=core.forms.shown(view),
        response_urls=[],
    )
    reply = await core.courier.deliver(parcel)
    try:
        _take_answer(core, view, reply)
    except Refused:
        core.notice(user.id, None, TROUBLE)


async def close(core: Core, user: User, view: View) -> None:
    """Close a modal with its cross; the app is told when it asked for that."""
    everything = bool(view.content.get("clear_on_close"))
    shown = core.forms.shown(view)
    core.forms.clear(user.id) if everything else core.forms.close(view)
    if view.content.get("notify_on_close"):
        parcel = payloads.interaction(core, "view_closed", user, view=shown, is_cleared=everything)
        await core.courier.deliver(parcel)


def _take_answer(core: Core, view: View, reply: Reply) -> None:
    body = reply.body if isinstance(reply.body, dict) else {}
    match body.get("response_action"):
        case _ if reply.error is not None:
            raise Refused(reply.error)
        case None:
            core.forms.close(view)
        case "errors":
            _take_errors(core, view, body.get("errors"))
        case "update":
            core.forms.update(view, body.get("view"))
        case "push":
            core.forms.push(view.user, body.get("view"))
        case "clear":
            core.forms.clear(view.user)
        case unknown:
            raise Refused(str(unknown))


def _take_errors(core: Core, view: View, errors: object) -> None:
    """Show errors at their fields; Slack takes them for input blocks of this view only."""
    inputs = {b["block_id"] for b in view.content["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        error = "invalid_errors"
        raise Refused(error)
    _show_errors(core, view, errors)


def _show_errors(core: Core, view: View, errors: dict[str, str]) -> None:
    event = {"type": "view_errors", "view_id": view.id, "errors": errors}
    core.audience.tell([view.user], event)
