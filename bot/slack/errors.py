"""What can come of a call to Slack: an error for each way to react."""

from datetime import timedelta
from typing import Self

PATIENCE = timedelta(days=1)
"""For how long Slack is tried again while it may yet take something."""


class PosterError(Exception):
    """Slack did not do what was asked."""


class RefusedError(PosterError):
    """Slack will never do this: its error code says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"Slack refuses: {code}")

    @classmethod
    def from_status(cls, status: int) -> Self:
        """Say it of an answer without a code of Slack's."""
        return cls(f"http_{status}")


class BusyError(PosterError):
    """Slack wants a pause; the message was not taken."""

    def __init__(self, pause: timedelta) -> None:
        self.pause = pause
        super().__init__(f"Slack is busy for {pause.total_seconds():.0f} s")


class UnsureError(PosterError):
    """No answer that can be read: the message may be there or not.

    `patience`: for how long it makes sense to try again. `late`: Slack was still at it when it was
    given up, so it may yet come.
    """

    def __init__(self, detail: str, patience: timedelta = PATIENCE, *, late: bool = False) -> None:
        self.patience = patience
        self.late = late
        super().__init__(f"Slack gave no clear answer: {detail}")

    @classmethod
    def from_status(cls, status: int) -> Self:
        """Say it of a server in trouble."""
        return cls(f"HTTP {status}")

    @classmethod
    def from_error(cls, error: Exception) -> Self:
        """Say it of a connection that broke, or of an answer that took too long."""
        return cls(type(error).__name__, late=isinstance(error, TimeoutError))
