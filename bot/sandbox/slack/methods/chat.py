"""chat.*: messages put up, edited and taken away."""

from typing import Any

from bot.sandbox.slack.answers import checked_content
from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.methods.places import visible, writable
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Channel

# chat.update refuses what chat.postMessage still takes.
MOST_EDITED_TEXT = 4_000
MOST_ATTACHMENTS = 100


def post_message(core: Core, arguments: Arguments) -> Json:
    """Put up a message: docs.slack.dev/reference/methods/chat.postMessage."""
    [name] = arguments.needed("channel")
    channel = writable(core, name)
    parts = content(arguments)
    parts |= {"metadata": metadata(arguments), "thread_ts": _thread(channel, arguments)}
    broadcast = arguments.flag("reply_broadcast")
    message = core.posting.post(channel, core.workspace.bot.id, parts, broadcast=broadcast)
    shown = core.posting.shown(channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(core: Core, arguments: Arguments) -> Json:
    """Show a message to one person: docs.slack.dev/reference/methods/chat.postEphemeral."""
    name, reader = arguments.needed("channel", "user")
    channel = writable(core, name)
    if reader not in core.workspace.users or reader not in channel.members:
        error = "user_not_in_channel"
        raise Refused(error)
    parts = content(arguments) | {"thread_ts": arguments.text("thread_ts") or None}
    message = core.posting.whisper(channel, reader, parts)
    return {"message_ts": message.ts}


def update(core: Core, arguments: Arguments) -> Json:
    """Edit a message of the bot's own: docs.slack.dev/reference/methods/chat.update."""
    name, ts = arguments.needed("channel", "ts")
    channel = visible(core, name)
    message = _own(core, channel, ts, "cant_update_message")
    if channel.is_archived:
        error = "is_archived"
        raise Refused(error)
    if len(arguments.text("text")) > MOST_EDITED_TEXT:
        error = "msg_too_long"
        raise Refused(error)
    changes = _changes(arguments)
    core.posting.edit(channel, message, changes)
    if arguments.flag("reply_broadcast") and message.is_reply:
        message.subtype = "thread_broadcast"
    shown = core.posting.shown(channel, message)
    return {"channel": channel.id, "ts": ts, "text": message.text, "message": shown}


def delete(core: Core, arguments: Arguments) -> Json:
    """Take away a message of the bot's own: docs.slack.dev/reference/methods/chat.delete."""
    name, ts = arguments.needed("channel", "ts")
    channel = visible(core, name)
    core.posting.remove(channel, _own(core, channel, ts, "cant_delete_message"))
    return {"channel": channel.id, "ts": ts}


def get_permalink(core: Core, arguments: Arguments) -> Json:
    """Return a message's address: docs.slack.dev/reference/methods/chat.getPermalink."""
    name, ts = arguments.needed("channel", "message_ts")
    channel = visible(core, name)
    message = channel.messages.get(ts)
    if message is None:
        error = "message_not_found"
        raise Refused(error)
    link = f"https://{core.workspace.domain}.slack.com/archives/{channel.id}"
    link += f"/p{ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def content(arguments: Arguments) -> Json:
    """Return what the message says; refuse what is no message."""
    blocks = arguments.structure("blocks", "invalid_blocks_format", list)
    attachments = arguments.structure("attachments", "invalid_attachments", list)
    if attachments and len(attachments) > MOST_ATTACHMENTS:
        error = "too_many_attachments"
        raise Refused(error)
    body: Json = {"text": arguments.text("text"), "blocks": blocks}
    if attachments and not body["text"] and not blocks:
        return {"text": "", "blocks": None, "attachments": attachments}
    return checked_content(body) | {"attachments": attachments}


def metadata(arguments: Arguments) -> Json | None:
    """Return the metadata that a message carries, if any."""
    given: Any = arguments.structure("metadata", "invalid_metadata_format", dict)
    if not given:
        return None
    well_formed = isinstance(given.get("event_type"), str) and isinstance(
        given.get("event_payload"), dict
    )
    if not well_formed or not set(given) <= {"event_type", "event_payload", "entities"}:
        error = "invalid_metadata_schema"
        raise Refused(error)
    return {"event_type": given["event_type"], "event_payload": given["event_payload"]}


def _changes(arguments: Arguments) -> Json:
    """Say what an edit changes: new text without blocks takes the old blocks away."""
    changes = content(arguments)
    if "attachments" not in arguments:
        del changes["attachments"]
    if "metadata" in arguments:
        changes["metadata"] = metadata(arguments)
    return changes


def _own(core: Core, channel: Channel, ts: str, refusal: str) -> Message:
    message = channel.messages.get(ts)
    if message is None or message.subtype == "tombstone":
        error = "message_not_found"
        raise Refused(error)
    if message.user != core.workspace.bot.id:
        raise Refused(refusal)
    return message


def _thread(channel: Channel, arguments: Arguments) -> str | None:
    """Return the thread a message goes to; a reply to a reply goes to the same thread."""
    thread_ts = arguments.text("thread_ts")
    if not thread_ts:
        return None
    parent = channel.messages.get(thread_ts)
    if parent is None:
        error = "thread_not_found"
        raise Refused(error)
    return parent.thread_ts or thread_ts
