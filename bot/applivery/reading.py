"""Reading Applivery's JSON: what is not as it should be is None, unless nothing goes without it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

_Kind = TypeVar("_Kind", bound=StrEnum)

_COUNT = re.compile(r"[0-9]{1,18}")
# Epoch milliseconds written as text; shorter runs of digits are ISO 8601's basic dates.
_EPOCH_TEXT = re.compile(r"[0-9]{10,16}")
# As seconds this is 2001: a smaller number means something else.
_NO_EPOCH_BELOW = 10**9
# As milliseconds this is 1973, as seconds the year 5138: no token expires at either.
_SECONDS_BELOW = 10**11


def is_secret(found: str) -> bool:
    """Say whether a text can travel as a token: printable ASCII, no blanks, not empty."""
    return bool(found) and found.isascii() and found.isprintable() and " " not in found


def time_of(found: object) -> datetime | None:
    """Read ISO 8601, epoch seconds or milliseconds as UTC; anything else is no time."""
    try:
        if isinstance(found, str) and not _EPOCH_TEXT.fullmatch(found):
            return _as_utc(datetime.fromisoformat(found.strip()))
        if isinstance(found, int | float | str) and (number := float(found)) >= _NO_EPOCH_BELOW:
            seconds = number if number < _SECONDS_BELOW else number / 1000
            return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def required(found: Mapping[str, object], key: str) -> str:
    """Return a text that nothing goes without; raise ValueError when it is missing."""
    value = text(found.get(key))
    if value is None:
        message = f"no {key}"
        raise ValueError(message)
    return value


def part_of(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Return an object within another, empty when there is none."""
    part = found.get(key)
    return part if isinstance(part, dict) else {}


def text(found: object) -> str | None:
    """Return a text, or a whole number as text: version codes come as either."""
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    # JSON can hold halves of characters, which nothing further on can encode.
    return str(found).encode(errors="replace").decode().strip() or None


def texts(found: object) -> tuple[str, ...]:
    """Return the texts of a list."""
    items = found if isinstance(found, list) else []
    return tuple(value for value in map(text, items) if value is not None)


def count(found: object) -> int | None:
    """Return a number that is not negative, or one written as text: sizes come as either."""
    value = text(found)
    return int(value) if value and _COUNT.fullmatch(value) else None


def member(kind: type[_Kind], found: object) -> _Kind | None:
    """Return the member of an enumeration that has this value."""
    return next((each for each in kind if each == found), None)


def _as_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
