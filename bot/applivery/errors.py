"""What can go wrong at Applivery: one class per reaction, none of them holding a secret."""

from datetime import timedelta

from bot.applivery.models import Step


class AppliveryError(Exception):
    """Anything that keeps Applivery from giving what was asked.

    The sentence is for a person; it can hold words of the server, so escape it where it is shown.
    """

    def __init__(self, sentence: str, step: Step) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.step = step


class BuildNotProcessed(AppliveryError):
    """Applivery is still processing the build: wait, then ask again."""

    def __init__(self, step: Step) -> None:
        super().__init__("Applivery is still processing this build.", step)


class CredentialRefused(AppliveryError):
    """The bot's own token was refused: nothing helps until an admin has renewed it."""

    def __init__(self, step: Step, message: str = "") -> None:
        super().__init__(
            "Applivery refused the bot's own token: an admin must renew it. "
            f"This route may want a Service Account token.{_said(message)}",
            step,
        )


class NotFound(AppliveryError):
    """What was asked for does not exist for this token: asking again changes nothing."""

    def __init__(self, step: Step) -> None:
        super().__init__(
            "Applivery finds no such app or build. It may not exist, may not be visible to the "
            "bot, or may have been deleted by retention.",
            step,
        )


class TokenSpent(AppliveryError):
    """A download token was used, unknown or too old: mint another one, once."""

    def __init__(self, *, expired: bool) -> None:
        reason = "has expired" if expired else "was already used, or is unknown"
        super().__init__(f"Applivery says that this download link {reason}.", Step.RESOLVE)
        self.expired = expired


class QuotaUsedUp(AppliveryError):
    """The organization's monthly downloads are used up: wait for next month, or pay."""

    def __init__(self, step: Step, limit: int | None, num: int | None) -> None:
        figures = f": {num:,} of {limit:,}" if limit is not None and num is not None else ""
        super().__init__(f"Applivery's monthly download quota is used up{figures}.", step)
        self.limit = limit
        self.num = num


class PlanExcludes(AppliveryError):
    """The organization's plan does not include this: asking again changes nothing."""

    def __init__(self, step: Step) -> None:
        super().__init__("The organization's Applivery plan does not include this.", step)


class RateLimited(AppliveryError):
    """Too many requests: ask again later, after `retry_after` if the server named it."""

    def __init__(self, step: Step, retry_after: timedelta | None) -> None:
        super().__init__("Applivery takes no more requests for the moment.", step)
        self.retry_after = retry_after


class Unavailable(AppliveryError):
    """No answer, or none from Applivery itself: start again at the first step."""

    def __init__(self, step: Step, reason: str) -> None:
        super().__init__(f"Applivery is not answering as it should ({reason}).", step)
        self.reason = reason


class UnexpectedAnswer(AppliveryError):
    """An answer that the bot cannot use: someone has to look at it."""

    def __init__(self, step: Step, reason: str) -> None:
        super().__init__(f"Applivery gave an unexpected answer ({reason}).", step)
        self.reason = reason


class OtherError(AppliveryError):
    """An error that Applivery names and the bot has no reaction to: pass it on."""

    def __init__(self, step: Step, code: int | None, message: str, *, status: int) -> None:
        name = f"HTTP {status}" if code is None else str(code)
        super().__init__(f"Applivery error {name}: {message or 'no message'}", step)
        self.code = code
        self.message = message
        self.status = status


def _said(message: str) -> str:
    return f" Applivery said: “{message}”" if message else ""
