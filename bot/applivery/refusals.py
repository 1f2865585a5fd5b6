"""What an answer of Applivery means: its `data`, or the error that the code or the status names."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from bot.applivery.errors import (
    AppliveryError,
    BuildNotProcessed,
    CredentialRefused,
    NotFound,
    OtherError,
    PlanExcludes,
    QuotaUsedUp,
    RateLimited,
    TokenSpent,
    Unavailable,
    UnexpectedAnswer,
)
from bot.applivery.models import Step

_NUMBER = re.compile(r"[0-9]{1,9}")
_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `secrets` are cut out of whatever the server says."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class _Refusal:
    """The error that an answer names."""

    readable: bool
    code: int | None = None
    message: str = ""
    figures: Mapping[str, object] = field(default_factory=dict)


def decipher(step: Step, answer: Answer) -> object:
    """Return `data` of a success; raise what the code, else the status, says of anything else.

    A success needs a 2xx and no `"status": false`, which can come with HTTP 200.
    """
    found = _json(answer.body)
    if isinstance(found, dict):
        if _succeeded(answer.status, found):
            return found.get("data")
        refusal = _refusal(found.get("error"), answer.secrets)
    else:
        refusal = _Refusal(readable=found is not None)
    raise _by_code(step, refusal) or _by_status(step, answer, refusal)


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Return a header whatever its case; `name` is in lower case."""
    return next((value for key, value in headers.items() if key.lower() == name), None)


def is_redirect(status: int) -> bool:
    """Say whether a status is a 3xx; Applivery documents 301 and 302."""
    return HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST


def _succeeded(status: int, found: Mapping[str, object]) -> bool:
    said = found.get("status", True) is True and not found.get("error")
    return said and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _by_code(step: Step, refusal: _Refusal) -> AppliveryError | None:
    error: AppliveryError | None = None
    match refusal.code, step:
        case 5014, _:
            error = BuildNotProcessed(step)
        case 4005, Step.RESOLVE:
            error = TokenSpent(expired=True)
        case 3001, Step.RESOLVE:
            error = TokenSpent(expired=False)
        case 3001, _:
            error = NotFound(step)
        # 4005 is "Token Expired": where no download token is in play, the bot's own.
        case ((4002 | 4004 | 4005), (Step.MINT | Step.DETAILS)):
            error = CredentialRefused(step, refusal.message)
        case 5003, _:
            limit, num = (_number(refusal.figures.get(key)) for key in ("limit", "num"))
            error = QuotaUsedUp(step, limit, num)
        case 5004, _:
            error = PlanExcludes(step)
    return error


def _by_status(step: Step, answer: Answer, refusal: _Refusal) -> AppliveryError:
    status, unnamed = answer.status, refusal.code is None
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(step, _retry_after(answer.headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(step, f"HTTP {status}")
    if unnamed and (error := _by_plain_status(step, status, refusal)) is not None:
        return error
    return OtherError(step, refusal.code, refusal.message, status=status)


def _by_plain_status(step: Step, status: int, refusal: _Refusal) -> AppliveryError | None:
    """Say what a status means that comes without a code; None when a message came instead."""
    refused = status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    if refused and step is not Step.RESOLVE:
        return CredentialRefused(step, refusal.message)
    if is_redirect(status):
        return UnexpectedAnswer(step, f"HTTP {status}")
    if not refusal.readable:
        return Unavailable(step, f"HTTP {status}, not JSON")
    if status == HTTPStatus.NOT_FOUND:
        return TokenSpent(expired=False) if step is Step.RESOLVE else NotFound(step)
    if status == HTTPStatus.UNAUTHORIZED:  # at the second step, where only 4005 is a 401
        return TokenSpent(expired=True)
    return None if refusal.message else UnexpectedAnswer(step, f"HTTP {status} without a code")


def _refusal(error: object, secrets: tuple[str, ...]) -> _Refusal:
    if not isinstance(error, dict):
        return _Refusal(readable=True, message=_words(error, secrets))
    figures = error.get("data")
    return _Refusal(
        readable=True,
        code=_number(error.get("code")),
        message=_words(error.get("message") or error.get("msg"), secrets),
        figures=figures if isinstance(figures, dict) else {},
    )


def _words(found: object, secrets: tuple[str, ...]) -> str:
    """Return the server's words on one line, without secrets, no longer than a few sentences."""
    if not isinstance(found, str):
        return ""
    for secret in secrets:
        found = found.replace(secret, "…")
    printable = "".join(letter if letter.isprintable() else " " for letter in found)
    return " ".join(printable.split())[:_LONGEST_MESSAGE]


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Read seconds or a date (RFC 9110, 10.2.3); the server's own Date is what it counts from."""
    text = (header(headers, "retry-after") or "").strip()
    if _NUMBER.fullmatch(text):
        return timedelta(seconds=int(text))
    try:
        pause = parsedate_to_datetime(text) - parsedate_to_datetime(header(headers, "date") or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return max(pause, timedelta())


def _number(found: object) -> int | None:
    if isinstance(found, bool) or not isinstance(found, int | str):
        return None
    text = str(found)
    return int(text) if _NUMBER.fullmatch(text) else None


def _json(body: bytes) -> object:
    """Return what the body says in JSON; None when it is none, or too deep to read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
