"""One payload on its way to the app, and what the app said to it."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.sandbox.slack.wire import Json

COMMAND, INTERACTION, EVENT = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A payload in Slack's words: its kind as Socket Mode names it, and which retry it is."""

    kind: str
    payload: Json
    accepts_answer: bool = True
    retry: int = 0
    retry_reason: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The app's acknowledgement, with a body or without; or why there is none."""

    body: Json | str | None = None
    error: str | None = None
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def acked(self) -> bool:
        """Say whether the app took it."""
        return self.error is None


TOO_LATE = Reply(error="operation_timeout", reason="http_timeout")


def refused(reason: str) -> Reply:
    """Say that the app could not be reached, or answered with an error."""
    return Reply(error="dispatch_failed", reason=reason)


class Carrier(Protocol):
    """A way to the app: signed HTTP or Socket Mode."""

    async def carry(self, parcel: Parcel) -> Reply:
        """Bring it there and wait for the acknowledgement, for as long as it takes."""
        ...
