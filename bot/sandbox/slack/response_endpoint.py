"""The address behind a response_url: what comes in there, and what it is answered."""

import json

from aiohttp import web

from bot.sandbox.slack.answers import put_up
from bot.sandbox.slack.books import Response
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.wire import Json

BAD, GONE = 400, 404
ENDED = frozenset({"used_url", "expired_url", "invalid_url"})


class ResponseUrls:
    """Answers `POST /response/{hook}`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def serve(self, request: web.Request) -> web.Response:
        """Take an answer from the app, and write it into the books."""
        hook_id, body = request.match_info["hook"], await _answer_in(request)
        try:
            self._take(hook_id, body)
            response = web.Response(text="ok")
        except Refused as refusal:
            status = GONE if refusal.error in ENDED else BAD
            response = web.json_response(refusal.answer, status=status)
        entry = Response(self._core.clock(), hook_id, body, response.status)
        self._core.books.responses.append(entry)
        return response

    def _take(self, hook_id: str, body: Json | None) -> None:
        hook = self._core.hooks.use(hook_id)
        if body is None:
            error = "invalid_payload"
            raise Refused(error)
        put_up(self._core, hook, body)


async def _answer_in(request: web.Request) -> Json | None:
    """Read JSON, or JSON in a form's `payload`."""
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            body = json.loads(str((await request.post()).get("payload", "")))
        else:
            body = json.loads(await request.text())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
