"""Pressing: buttons and menus in messages and views, what a menu offers, message shortcuts."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.slack import payloads
from bot.sandbox.slack.blockkit import check_options
from bot.sandbox.slack.blockkit.ids import find_element
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.delivery import Parcel
from bot.sandbox.slack.forms import View
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import ANSWERS, answered, filled_in
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Channel, User

NO_ANSWER = "The app did not respond to that. ({error})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element is: in a message of a channel, or in a view."""

    blocks: list[Json]
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None


def place(core: Core, user: User, where: str) -> Place:
    """Find a message by its ts or a view by its id; a LookupError says that it is gone."""
    view = core.forms.views.get(where)
    if view is not None and view.user == user.id:
        return Place(view.content["blocks"], view=view)
    for channel in core.workspace.channels.values():
        message = core.posting.find(channel, where)
        readers = core.workspace.audience(channel)
        if message is not None and user.id in readers and message.for_user in (None, user.id):
            return Place(message.blocks or [], channel, message)
    gone = f"{user.name} sees no message or view {where!r}"
    raise LookupError(gone)


async def press(
    core: Core,
    user: User,
    at: Place,
    action_id: str,
    value: object = None,
    block_id: str | None = None,
    given: Mapping[str, Mapping[str, object]] | None = None,
) -> None:
    """Use an element: press a button, choose in a menu."""
    block, element = find_element(at.blocks, action_id, block_id)
    answer = answered(element, value)
    chosen: dict[str, dict[str, object]]
    chosen = {key: dict(fields) for key, fields in (given or {}).items()}
    if element["type"] in ANSWERS:
        chosen.setdefault(block["block_id"], {})[action_id] = answer
    action = _action(core, block, element, answer)
    parcel = _pressed(core, user, at, chosen, action)
    reply = await core.courier.deliver(parcel)
    if reply.error is not None:
        channel = at.channel.id if at.channel else None
        core.notice(user.id, channel, NO_ANSWER.format(error=reply.error))


async def suggest(
    core: Core, user: User, at: Place, action_id: str, typed: str, block_id: str | None = None
) -> Json:
    """Ask the app what an external menu offers; nothing when it fails or breaks a rule."""
    block, element = find_element(at.blocks, action_id, block_id)
    if len(typed) < element.get("min_query_length", 3):
        return {"options": []}
    parcel = payloads.interaction(
        core,
        "block_suggestion",
        user,
        action_id=action_id,
        block_id=block["block_id"],
        value=typed,
        **_of_place(core, at),
    )
    reply = await core.courier.deliver(parcel)
    if not isinstance(reply.body, dict) or check_options(reply.body):
        return {"options": []}
    return reply.body


async def shortcut(core: Core, user: User, at: Place, callback_id: str) -> None:
    """Choose an entry of a message's menu."""
    if at.channel is None or at.message is None:
        problem = "a message shortcut needs a message"
        raise LookupError(problem)
    hook = core.hooks.issue(user.id, at.channel, at.message)
    where = payloads.of_message(core, at.channel, at.message)
    del where["container"]
    parcel = payloads.interaction(
        core,
        "message_action",
        user,
        callback_id=callback_id,
        trigger_id=core.triggers.issue(user.id),
        response_url=payloads.response_url(core, hook),
        message_ts=at.message.ts,
        action_ts=core.stamps.next(),
        **where,
    )
    reply = await core.courier.deliver(parcel)
    if reply.error is not None:
        core.notice(user.id, at.channel.id, NO_ANSWER.format(error=reply.error))


def _pressed(core: Core, user: User, at: Place, chosen: Json, action: Json) -> Parcel:
    parts: Json = {"trigger_id": core.triggers.issue(user.id, at.view.id if at.view else None)}
    if at.view is not None:
        at.view.state = filled_in(at.blocks, at.view.state, chosen)
    elif at.channel is not None:
        parts["state"] = {"values": filled_in(at.blocks, {}, chosen)}
        hook = core.hooks.issue(user.id, at.channel, at.message)
        parts["response_url"] = payloads.response_url(core, hook)
    parts |= _of_place(core, at) | {"actions": [action]}
    return payloads.interaction(core, "block_actions", user, **parts)


def _of_place(core: Core, at: Place) -> Json:
    if at.view is not None:
        return payloads.of_view(core, at.view)
    if at.channel is None or at.message is None:
        return {}
    return payloads.of_message(core, at.channel, at.message)


def _action(core: Core, block: Json, element: Json, answer: Json) -> Json:
    given = ("text", "style", "url", "placeholder", "confirm")
    own = {name: element[name] for name in given if name in element}
    stamps: Json = {"action_ts": core.stamps.next()}
    ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
    return own | ids | answer | stamps
