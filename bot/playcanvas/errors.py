"""What can go wrong at PlayCanvas: one class per reaction, none of them holding the token."""

from datetime import timedelta
from http import HTTPStatus
from typing import ClassVar

from bot.playcanvas.limits import RateLimit


class PlayCanvasError(Exception):
    """Anything that keeps PlayCanvas from giving what was asked.

    The sentence is for a person. It holds the server's words, so escape it where it is shown.
    """

    result: ClassVar[str] = "error"
    """The label under which calls that end so are counted."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def conceal(self, secret: str) -> None:
        """Cut a secret out of the server's words, should it have repeated it."""
        for name, value in vars(self).items():
            if isinstance(value, str):
                setattr(self, name, value.replace(secret, "•••"))
        self.args = (self.sentence,)


class Refused(PlayCanvasError):
    """PlayCanvas said no: the job ends, asking again changes nothing."""

    result = "refused"
    opening: ClassVar[str] = "PlayCanvas refused this"
    advice: str = ""

    def __init__(self, status: int, message: str = "") -> None:
        words = f"“{message}”" if message else "no reason given"
        super().__init__(f"{self.opening} ({status}): {words}.{self.advice}")
        self.status = status
        self.message = message


class NotAllowed(Refused):
    """The token or the plan does not allow this (401, 403): an admin has to act."""

    result = "not_allowed"
    opening = "PlayCanvas does not allow the bot's token to do this"

    def __init__(self, status: int, message: str = "") -> None:
        self.advice = _ACCOUNT if status == HTTPStatus.UNAUTHORIZED else _RIGHTS
        super().__init__(status, message)


class NotFound(Refused):
    """What was meant does not exist for this token (404)."""

    result = "not_found"
    opening = "PlayCanvas does not find this"


class Invalid(Refused):
    """PlayCanvas does not take such a request (any other 4xx)."""

    result = "invalid"
    opening = "PlayCanvas did not accept the request"


class RateLimited(PlayCanvasError):
    """Too many requests (429): wait until the window resets; not a failed attempt."""

    result = "rate_limited"

    def __init__(self, retry_after: timedelta | None, limit: RateLimit) -> None:
        super().__init__("PlayCanvas takes no more requests this minute.")
        self.retry_after = retry_after
        self.limit = limit


class Unavailable(PlayCanvasError):
    """No answer, or a server in trouble (5xx): try again, with back-off."""

    result = "unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"PlayCanvas is not available: {reason}.")
        self.reason = reason


class Unexpected(PlayCanvasError):
    """An answer that cannot be read: try again, with back-off, until the deadline."""

    result = "unexpected"

    def __init__(self, reason: str) -> None:
        super().__init__(f"PlayCanvas gave an unexpected answer: {reason}.")
        self.reason = reason


_ACCOUNT = (
    " An admin must give the bot a valid API token of a PlayCanvas account (Account → API Tokens)."
)
_RIGHTS = (
    " An admin must see to it that the account behind the bot's token may do this:"
    " its plan, its role in the organization, its rights in the project."
)
