"""The books: every API call, response_url use and delivery, as the sandbox saw it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.slack.wire import Json


@dataclass(frozen=True, slots=True)
class Call:
    """One API call that was received, without its token, and what it was answered."""

    at: datetime
    method: str
    arguments: Json
    status: int
    answer: Json

    @property
    def ok(self) -> bool:
        """Say whether Slack did what was asked."""
        return bool(self.answer.get("ok"))


@dataclass(frozen=True, slots=True)
class Response:
    """One use of a response_url."""

    at: datetime
    hook: str
    body: Any
    status: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """One payload that went to the app, over HTTP or a socket, and how the app took it."""

    at: datetime
    kind: str
    payload: Json
    took: timedelta
    error: str | None
    body: Any

    @property
    def acked(self) -> bool:
        """Say whether the app acknowledged it in time."""
        return self.error is None


@dataclass(slots=True)
class Books:
    """Everything that passed between the app and Slack, in order."""

    calls: list[Call] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    deliveries: list[Delivered] = field(default_factory=list)

    def of(self, method: str) -> list[Call]:
        """Return the calls of one method."""
        return [call for call in self.calls if call.method == method]

    def granted(self, method: str) -> list[Call]:
        """Return the calls of one method that Slack carried out."""
        return [call for call in self.of(method) if call.ok]

    def refused(self, error: str) -> list[Call]:
        """Return every call that was answered with this error."""
        return [call for call in self.calls if call.answer.get("error") == error]
