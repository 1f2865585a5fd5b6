"""Pages: a cursor says where the next one starts."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.wire import Json

T = TypeVar("T")


def page(
    items: Sequence[tuple[str, T]], arguments: Arguments, default: int = 100, most: int = 1000
) -> tuple[list[T], str]:
    """Return one page of items, each with its key, and the cursor of the next or an empty text."""
    limit = arguments.number("limit", default, most)
    start = _start(items, arguments.text("cursor"))
    chosen = [item for _, item in items[start : start + limit]]
    rest = items[start + limit :]
    return chosen, base64.b64encode(f"next:{rest[0][0]}".encode()).decode() if rest else ""


def with_cursor(answer: Json, cursor: str) -> Json:
    """Add the cursor to an answer."""
    return answer | {"response_metadata": {"next_cursor": cursor}}


def _start(items: Sequence[tuple[str, T]], cursor: str) -> int:
    if not cursor:
        return 0
    try:
        key = base64.b64decode(cursor, validate=True).decode().removeprefix("next:")
    except (binascii.Error, UnicodeDecodeError):
        key = ""
    keys = [each for each, _ in items]
    if key not in keys:
        error = "invalid_cursor"
        raise Refused(error)
    return keys.index(key)
