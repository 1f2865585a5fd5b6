"""The Web API: who asks, may they, how fast, and what they are answered."""

from aiohttp import web

from bot.sandbox.slack.arguments import Arguments, read_arguments
from bot.sandbox.slack.books import Call
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.methods import METHODS, Method
from bot.sandbox.slack.refusals import Refused, TooFast
from bot.sandbox.slack.wire import Json

TOO_MANY = 429


class WebApi:
    """Answers `POST` and `GET /api/{method}`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def serve(self, request: web.Request) -> web.Response:
        """Carry out one call and write it into the books."""
        name = request.match_info["method"]
        arguments, headers, status = Arguments({}), self._headers(name), 200
        try:
            arguments = await read_arguments(request)
            token = _token(request, arguments)
            answer = self._carry_out(name, token, arguments)
        except Refused as refusal:
            answer = refusal.answer
        except TooFast as refusal:
            status, answer = TOO_MANY, {"ok": False, "error": "ratelimited"}
            headers["Retry-After"] = str(refusal.retry_after)
        received = {key: value for key, value in arguments.given.items() if key != "token"}
        entry = Call(self._core.clock(), name, received, status, answer)
        self._core.books.calls.append(entry)
        return web.json_response(answer, status=status, headers=headers)

    def _carry_out(self, name: str, token: str, arguments: Arguments) -> Json:
        method = METHODS.get(name)
        if method is None:
            error = "unknown_method"
            raise Refused(error, req_method=name)
        self._verify(method, token)
        for scope in method.scopes:
            self._core.require(scope)
        channel = self._core.workspace.channel(arguments.text("channel"))
        self._core.pace.admit(name, channel.id if channel else arguments.text("channel"))
        return {"ok": True, **method.run(self._core, arguments)}

    def _verify(self, method: Method, token: str) -> None:
        """Refuse a token that is missing, unknown, or of the wrong kind for the method."""
        credentials = self._core.credentials
        if method.open_to_all:
            return
        if not token:
            error = "not_authed"
            raise Refused(error)
        if token not in (credentials.bot_token, credentials.app_token):
            error = "invalid_auth"
            raise Refused(error)
        if credentials.ended_by is not None:
            raise Refused(credentials.ended_by)
        if (token == credentials.app_token) != method.app_level:
            error = "not_allowed_token_type"
            raise Refused(error)

    def _headers(self, name: str) -> dict[str, str]:
        """Tell the app its scopes, and those that would have let it call the method."""
        scopes = ",".join(sorted(self._core.installation.scopes or ()))
        accepted = ",".join(METHODS[name].scopes) if name in METHODS else ""
        return {
            "X-OAuth-Scopes": scopes,
            "X-Accepted-OAuth-Scopes": accepted,
            "X-Slack-Req-Id": str(len(self._core.books.calls)),
        }


def _token(request: web.Request, arguments: Arguments) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return arguments.text("token")
