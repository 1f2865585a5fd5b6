"""What goes over the wire: JSON objects, the clock, and Slack's way to write a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


def escaped(text: str) -> str:
    """Escape what a person typed as Slack's clients do before they send it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def seconds_of(ts: str) -> float:
    """Read a `ts` as seconds since 1970; anything else reads as 0."""
    try:
        return float(ts)
    except ValueError:
        return 0.0
