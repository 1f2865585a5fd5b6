"""The arguments of one API call, read from a form, JSON or the query alike."""

import json
from typing import Any

from aiohttp import web

from bot.sandbox.slack.refusals import Refused, bad_arguments
from bot.sandbox.slack.wire import Json


class Arguments:
    """What the app sent, with Slack's leniency about types."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def __contains__(self, name: str) -> bool:
        return self.given.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def needed(self, *names: str) -> list[str]:
        """Return arguments that must be there; refuse when some are not."""
        absent = [name for name in names if not self.text(name)]
        if absent:
            raise bad_arguments(*(f"missing required field: {name}" for name in absent))
        return [self.text(name) for name in names]

    def flag(self, name: str) -> bool:
        """Return a boolean, written in any of the usual ways."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number of at least 1, cut to what the method allows."""
        if name not in self:
            return default
        try:
            value = int(self.text(name))
        except ValueError:
            value = 0
        if value < 1:
            error = "invalid_limit"
            raise Refused(error)
        return min(value, most)

    def structure(self, name: str, error: str, kind: type) -> Any:  # noqa: ANN401 - JSON
        """Return a JSON argument, also when it came as text; refuse one of another kind."""
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise Refused(error) from None
        if not isinstance(value, kind):
            raise Refused(error)
        return value


async def read_arguments(request: web.Request) -> Arguments:
    """Read the query and the body of a call."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            error = "invalid_json"
            raise Refused(error) from None
        if not isinstance(body, dict):
            error = "json_not_object"
            raise Refused(error)
        # A token is not taken from a JSON body: docs.slack.dev/apis/web-api/
        return Arguments(given | {k: v for k, v in body.items() if k != "token"})
    if request.method == "POST":
        given |= dict(await request.post())
    return Arguments(given)
