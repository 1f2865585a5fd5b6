"""What an app may answer: to a command in its ack, and to anything through a response_url."""

from typing import Any

from bot.sandbox.slack.blockkit import check_message
from bot.sandbox.slack.blockkit.table import letters
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.refusals import Refused, bad_blocks
from bot.sandbox.slack.response_urls import Hook
from bot.sandbox.slack.wire import Json

MOST_TEXT = 40_000
# Written down nowhere; people meet it from about here on.
MOST_IN_BLOCKS = 13_000


def put_up(core: Core, hook: Hook, body: Json) -> None:
    """Do what the answer says: show, replace or delete."""
    original = hook.original
    if _yes(body.get("delete_original")):
        if original is not None and core.posting.find(hook.channel, original.ts) is original:
            core.posting.remove(hook.channel, original)
            hook.original = None
        return
    parts = checked_content(body)
    if _yes(body.get("replace_original")) and original is not None:
        core.posting.edit(hook.channel, original, parts)
        return
    parts["thread_ts"] = body.get("thread_ts")
    made = _show(core, hook, body.get("response_type"), parts)
    hook.original = original or made


def checked_content(body: Json) -> Json:
    """Return text and blocks; refuse what Slack would."""
    text, blocks = body.get("text") or "", body.get("blocks")
    if blocks is not None and not isinstance(blocks, list):
        error = "invalid_blocks_format"
        raise Refused(error)
    problems = check_message(blocks or [])
    if problems:
        raise bad_blocks(problems)
    if letters(blocks) > MOST_IN_BLOCKS:
        error = "msg_blocks_too_long"
        raise Refused(error)
    if not isinstance(text, str) or (not text and not blocks):
        error = "no_text"
        raise Refused(error)
    if len(text) > MOST_TEXT:
        error = "msg_too_long"
        raise Refused(error)
    return {"text": text, "blocks": blocks}


def _show(core: Core, hook: Hook, response_type: object, parts: Json) -> Message:
    if response_type == "in_channel":
        return core.posting.post(hook.channel, core.workspace.bot.id, parts)
    return core.posting.whisper(hook.channel, hook.user, parts)


def _yes(value: Any) -> bool:  # noqa: ANN401 - JSON
    return value is True or value == "true"
