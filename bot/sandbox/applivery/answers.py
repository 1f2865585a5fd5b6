"""How Applivery words its answers: the envelope, its errors, and manners that differ by age."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of Applivery's: the HTTP status it comes with, its code and its words."""

    status: int
    code: int
    message: str
    figures: Mapping[str, int] | None = None


NO_CREDENTIAL = Refusal(401, 4002, "No auth token")
INVALID_CREDENTIAL = Refusal(401, 4002, "Invalid Token")
NOT_FOUND = Refusal(404, 3001, "Entity not found")
TOKEN_EXPIRED = Refusal(401, 4005, "Token Expired")
NOT_PROCESSED = Refusal(400, 5014, "Build Not Processed")
# Applivery's pages name no HTTP status for the following; these are plausible ones.
NOT_ALLOWED = Refusal(401, 4004, "Unauthorized")
PLAN_EXCLUDES = Refusal(400, 5004, "Feature not available in the current plan")
INVALID_TYPE = Refusal(400, 1001, "Invalid type")


def quota_used_up(limit: int, num: int) -> Refusal:
    """Refuse with the figures of the month."""
    return Refusal(400, 5003, "Limit exceeded", {"limit": limit, "num": num})


class RefusedError(Exception):
    """Raised anywhere below a route; the middleware answers with the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def iso_milliseconds(moment: datetime) -> object:
    """2026-07-09T10:00:00.000Z, as JavaScript writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


EXPIRY_FORMS: Mapping[str, Callable[[datetime], object]] = {
    "ISO with milliseconds": iso_milliseconds,
    "ISO": lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "ISO with an offset": lambda moment: moment.astimezone(UTC).isoformat(timespec="seconds"),
    "ISO without a zone": lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
    "epoch milliseconds": lambda moment: int(moment.timestamp() * 1000),
    "epoch milliseconds as text": lambda moment: str(int(moment.timestamp() * 1000)),
    "garbage": lambda _: "in a while",
    "null": lambda _: None,
    "object": lambda _: {"$date": "soon"},
}
"""Every form in which `expiresAt` may come; its real one is not documented."""


@dataclass(slots=True)
class Manners:
    """What Applivery's pages leave open or contradict each other about."""

    redirect: int = 302
    errors_come_with_200: bool = False
    message_key: str = "message"
    """Older answers say `msg`."""
    expiry: Callable[[datetime], object] = iso_milliseconds
    names_expiry: bool = True
    names_retry_after: bool = True


def success(found: object) -> web.Response:
    """Answer with what was asked for."""
    return web.json_response({"status": True, "data": found})


def refusal_body(refusal: Refusal, manners: Manners) -> bytes:
    """Word an error."""
    error: dict[str, object] = {"code": refusal.code, manners.message_key: refusal.message}
    if refusal.figures is not None:
        error["data"] = dict(refusal.figures)
    return json.dumps({"status": False, "error": error}).encode()


def answering_refusals(manners: Manners) -> Middleware:
    """Return the middleware that answers for a RefusedError."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except RefusedError as error:
            return web.Response(
                status=200 if manners.errors_come_with_200 else error.refusal.status,
                body=refusal_body(error.refusal, manners),
                content_type="application/json",
            )

    return answer
