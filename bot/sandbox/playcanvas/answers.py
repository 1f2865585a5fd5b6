"""How PlayCanvas answers: JSON, dates without a zone, refusals with one sentence."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

Json = dict[str, Any]
Clock = Callable[[], datetime]


class Refusal(Exception):  # noqa: N818 – it is an answer of PlayCanvas, not an error of ours
    """An answer `{"error": …}` with the status that goes with it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status} {words}")
        self.status = status
        self.words = words


def stamp(moment: datetime) -> str:
    """Write a date as PlayCanvas does: microseconds, and no zone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


@web.middleware
async def answering_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals and unknown routes into `{"error": …}`."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return web.json_response({"error": refusal.words}, status=refusal.status)
    except web.HTTPException as error:
        return web.json_response({"error": error.reason}, status=error.status)
