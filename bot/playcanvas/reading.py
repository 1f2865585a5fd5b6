"""Lenient reading of JSON: what is missing or odd becomes None, what is unusable an Unexpected."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.playcanvas.errors import Unexpected

_LARGEST = 2**63 - 1  # no database and no other client takes larger ids
_MOST_DIGITS = len(str(_LARGEST))
_LONGEST_WORDS = 1_000


def clean(text: str) -> str:
    """Replace what JSON can escape but UTF-8 or a database cannot hold: lone surrogates, NUL."""
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    )


def members(value: object, what: str) -> Mapping[str, object]:
    """Take a value that must be an object; raise Unexpected if it is not."""
    if isinstance(value, dict):
        return value
    raise unreadable(value, what)


def unreadable(value: object, what: str) -> Unexpected:
    """Build the error for an answer without what is needed, with the server's words if any."""
    said = words(value)
    return Unexpected(f"no {what} in it, it says “{said}”" if said else f"no {what} in it")


def part(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Take an object inside an object; empty when it is missing or something else."""
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def text(value: object) -> str | None:
    """Read a text; an empty one counts as missing."""
    return clean(value) if isinstance(value, str) and value else None


def whole(value: object) -> int | None:
    """Read a whole number that is not negative, also when it is written as a text."""
    if (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) <= _MOST_DIGITS
    ):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST:
        return value
    return None


def moment(value: object) -> datetime | None:
    """Read an ISO date; PlayCanvas sends them without a zone and means UTC."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def texts(value: object) -> tuple[str, ...]:
    """Read messages: a list of texts, a single text, null or nothing at all."""
    items = value if isinstance(value, list) else [value]
    return tuple(said for item in items for said in _spoken(item))


def words(value: object) -> str:
    """Find what a server says about an error, whatever the shape; empty if it says nothing."""
    found = " · ".join(texts(value)).strip()
    return found if len(found) <= _LONGEST_WORDS else found[:_LONGEST_WORDS] + "…"


def _spoken(value: object) -> Iterator[str]:
    match value:
        case (
            (str() as said)
            | {"error": {"message": str() as said}}
            | {"error": str() as said}
            | {"message": str() as said}
        ) if said.strip():
            yield clean(said)
