"""PlayCanvas's rate limits as values: two classes, what headers and GET /ratelimits say of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

LARGEST_COUNT = 1_000_000


class RateClass(StrEnum):
    """Which of the account's limits a request counts against.

    https://developer.playcanvas.com/user-manual/api/#rate-limiting
    """

    STRICT = "strict"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What one answer said of its limit, in requests a minute; None where it did not say."""

    limit: int | None = None
    remaining: int | None = None
    reset: datetime | None = None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Self:
        """Read `X-RateLimit-*`, the reset in UTC epoch seconds; nothing in them can raise."""
        found = {name.lower(): value for name, value in headers.items()}
        limit = _count(found.get("x-ratelimit-limit"))
        return cls(
            limit=limit or None,  # a limit of none would forbid to ever ask again
            remaining=_count(found.get("x-ratelimit-remaining")),
            reset=_reset(found.get("x-ratelimit-reset")),
        )


def _count(value: str | None) -> int | None:
    try:
        count = int(value or "")
    except ValueError:
        return None
    return count if 0 <= count <= LARGEST_COUNT else None


def _reset(value: str | None) -> datetime | None:
    try:
        seconds = float(value or "")
        return datetime.fromtimestamp(seconds, UTC) if math.isfinite(seconds) else None
    except (ValueError, OverflowError, OSError):
        return None
