"""The two rate limits: fixed windows of a minute, told in the headers of every answer."""

from dataclasses import dataclass, field
from datetime import datetime

WINDOW = 60  # seconds
STRICT, NORMAL = "strict", "normal"


@dataclass(slots=True)
class Window:
    """One class in the minute that began at `start`, in epoch seconds; spend for others too."""

    limit: int
    start: int = 0
    spent: int = 0

    def spend(self, now: datetime, count: int = 1) -> bool:
        """Count requests; False when the limit does not allow them."""
        start = int(now.timestamp()) // WINDOW * WINDOW
        if start != self.start:
            self.start, self.spent = start, 0
        allowed = self.spent + count <= self.limit
        self.spent = self.spent + count if allowed else max(self.spent, self.limit)
        return allowed

    @property
    def headers(self) -> dict[str, str]:
        """Tell the limit, what is left of it, and when the window ends."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.spent, 0)),
            "X-RateLimit-Reset": str(self.start + WINDOW),
        }


@dataclass(slots=True)
class Limits:
    """Both classes of one account; `told` False leaves the headers out."""

    strict: Window = field(default_factory=lambda: Window(10))
    normal: Window = field(default_factory=lambda: Window(240))
    told: bool = True

    def of(self, rate_class: str) -> Window:
        """Return the window of a class."""
        return self.strict if rate_class == STRICT else self.normal

    def to_json(self) -> dict[str, int]:
        """Write the answer of `GET /ratelimits`."""
        normal, strict = self.normal.limit, self.strict.limit
        return {
            "normal": normal,
            "strict": strict,
            "assets": normal,
            "post": normal // 2,
            "download": normal,
        }
