"""Delivery by signed HTTP, as when Socket Mode is off."""

import json
from datetime import datetime
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.delivery import COMMAND, EVENT, Parcel, Reply, refused
from bot.sandbox.slack.signing import signed
from bot.sandbox.slack.wire import Clock

FORM = "application/x-www-form-urlencoded"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
OK = 200


class SignedHttp:
    """Posts every payload to the app's request URL."""

    def __init__(self, url: str, secret: str, clock: Clock) -> None:
        self.url = url
        self._secret = secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, parcel: Parcel) -> Reply:
        """Post it, signed now."""
        headers = {"Content-Type": FORM, "Accept": "application/json,*/*"}
        if parcel.kind == EVENT:
            headers["Content-Type"] = "application/json"
            if parcel.retry:
                headers["X-Slack-Retry-Num"] = str(parcel.retry)
                headers["X-Slack-Retry-Reason"] = parcel.retry_reason
        return await self.send(body_of(parcel), headers)

    async def send(
        self, body: str, headers: dict[str, str] | None = None, at: datetime | None = None
    ) -> Reply:
        """Post any body, signed for the given time; `headers` win over the signature's."""
        given = signed(self._secret, body, at or self._clock()) | (headers or {})
        given.setdefault("Content-Type", FORM)
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": AGENT})
        try:
            async with self._session.post(self.url, data=body.encode(), headers=given) as answer:
                return _read(answer.status, await answer.text(), dict(answer.headers))
        except aiohttp.ClientError:
            return refused("connection_failed")

    async def close(self) -> None:
        """Give up the connections."""
        if self._session is not None:
            await self._session.close()


def body_of(parcel: Parcel) -> str:
    """Encode a payload: a form for commands, `payload=` for interactions, JSON for events."""
    if parcel.kind == EVENT:
        return json.dumps(parcel.payload)
    if parcel.kind == COMMAND:
        return urlencode(parcel.payload)
    return urlencode({"payload": json.dumps(parcel.payload)})


def _read(status: int, text: str, headers: dict[str, str]) -> Reply:
    if status != OK:
        return Reply(error="dispatch_failed", reason="http_error", headers=headers)
    if not text:
        return Reply(headers=headers)
    try:
        body = json.loads(text)
    except ValueError:
        body = text
    return Reply(body if isinstance(body, dict) else text, headers=headers)
