"""conversations.history and conversations.replies: what was said, in pages."""

from collections.abc import Sequence

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.methods.paging import page, with_cursor
from bot.sandbox.slack.methods.places import joined
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.wire import Json, seconds_of
from bot.sandbox.slack.workspace import Channel


def history(core: Core, arguments: Arguments) -> Json:
    """Return a channel's messages, newest first, without replies that stayed in their thread."""
    channel = _readable(core, arguments)
    messages = [m for m in reversed(channel.timeline()) if _in_range(m.ts, arguments)]
    return _answer(core, channel, messages, arguments) | {"pin_count": 0}


def replies(core: Core, arguments: Arguments) -> Json:
    """Return a thread, its parent first."""
    channel = _readable(core, arguments)
    [ts] = arguments.needed("ts")
    asked = channel.messages.get(ts)
    if asked is None:
        error = "thread_not_found"
        raise Refused(error)
    parent = asked.thread_ts or ts
    # The parent is on every page that a range cuts out, as in Slack.
    thread = [m for m in channel.thread(parent) if m.ts == parent or _in_range(m.ts, arguments)]
    return _answer(core, channel, thread, arguments)


def _readable(core: Core, arguments: Arguments) -> Channel:
    [name] = arguments.needed("channel")
    channel = joined(core, name)
    core.require(f"{channel.kind}:history")
    return channel


def _answer(
    core: Core, channel: Channel, messages: Sequence[Message], arguments: Arguments
) -> Json:
    keyed = [(message.ts, message) for message in messages]
    chosen, cursor = page(keyed, arguments, most=999)
    metadata = arguments.flag("include_all_metadata")
    shown = [core.posting.shown(channel, message, metadata=metadata) for message in chosen]
    answer = {"messages": shown, "has_more": bool(cursor)}
    return with_cursor(answer, cursor) if cursor else answer


def _in_range(ts: str, arguments: Arguments) -> bool:
    oldest, latest = arguments.text("oldest"), arguments.text("latest")
    if arguments.flag("inclusive") and ts in (oldest, latest):
        return True
    after = not oldest or seconds_of(ts) > seconds_of(oldest)
    return after and (not latest or seconds_of(ts) < seconds_of(latest))
