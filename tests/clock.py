"""What tests use in place of the clock and of the bells."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that only tests move."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


@dataclass
class Rung:
    """Hears what the store rings."""

    topics: list[str] = field(default_factory=list)

    def __call__(self, topic: str) -> None:
        self.topics.append(topic)
