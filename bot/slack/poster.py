"""The only calls that write to Slack: once each, refusals sorted into permanent and transient."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.errors import PATIENCE, BusyError, PosterError, RefusedError, UnsureError
from bot.slack.messages.message import Message
from bot.slack.refusal import PERMANENT, TRANSIENT

EVENT_TYPE = "build_bot_notice"
_OK = 200
_TOO_MANY = 429
_SERVER_ERROR = 500
_CLOCKS_DIFFER_BY = timedelta(minutes=1)
_PAGE = 200
# Well below the lease under which it is sent.
_TIMEOUT = aiohttp.ClientTimeout(total=10)
# No answer, or none that can be read: the SDK trips over JSON that is no object.
_UNCLEAR = (aiohttp.ClientError, TimeoutError, SlackRequestError, ValueError, AttributeError)

# An error that is not known here: it may pass, and who waits must not wait long for it.
_A_WHILE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new message goes; a broadcast is shown in the channel as well."""

    channel_id: str
    thread_ts: str | None = None
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What the bot asks of someone: the IANA name of their zone, if Slack has it."""

    zone: str
    has_left: bool


class Poster:
    """Posts and updates; `observe` is told the method and the result of each call."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        observe: Callable[[str, str], None],
    ) -> None:
        self._client = client
        self._session = session
        self._observe = observe

    async def post(self, place: Place, message: Message, key: str) -> str:
        """Post a message that carries its notice's key, and return its ts."""
        answer = await self._call(
            "chat.postMessage",
            lambda: self._client.chat_postMessage(
                channel=place.channel_id,
                thread_ts=place.thread_ts,
                reply_broadcast=place.broadcast if place.thread_ts else None,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"notice": key}},
                unfurl_links=False,
                unfurl_media=False,
                **message.arguments(),
            ),
        )
        return str(answer["ts"])

    async def update(self, channel_id: str, ts: str, message: Message) -> None:
        """Make a message show something else; doing it twice does no harm."""
        await self._call(
            "chat.update",
            lambda: self._client.chat_update(channel=channel_id, ts=ts, **message.arguments()),
        )

    async def find(self, place: Place, key: str, since: datetime) -> str | None:
        """Look for the message that carries a key: its ts, or None when it was never taken."""
        oldest = f"{(since - _CLOCKS_DIFFER_BY).timestamp():.6f}"
        cursor: str | None = None
        while True:
            page = await self._page(place, oldest, cursor)
            messages: list[dict[str, Any]] = page.get("messages", [])
            for found in messages:
                payload = (found.get("metadata") or {}).get("event_payload") or {}
                if payload.get("notice") == key:
                    return str(found["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    async def answer(
        self,
        response_url: str,
        message: Message,
        *,
        thread_ts: str | None = None,
        instead: bool = False,
    ) -> None:
        """Answer one person through the URL that came with their command or press.

        `instead` of the message whose button they pressed, else beside it, in its thread.
        """
        body = {
            "response_type": "ephemeral",
            "replace_original": instead,
            **({"thread_ts": thread_ts} if thread_ts else {}),
            "unfurl_links": False,
            "unfurl_media": False,
            **message.arguments(),
        }
        try:
            async with self._session.post(response_url, json=body, timeout=_TIMEOUT) as response:
                status = response.status
                pause = response.headers.get("Retry-After", "1")
        except (aiohttp.ClientError, TimeoutError) as error:
            self._observe("response_url", "unsure")
            raise UnsureError.from_error(error) from error
        self._observe("response_url", "ok" if status == _OK else str(status))
        if status == _TOO_MANY:
            raise BusyError(_pause(pause))
        if status >= _SERVER_ERROR:
            raise UnsureError.from_status(status)
        if status != _OK:
            raise RefusedError.from_status(status)

    async def whisper(self, place: Place, user_id: str, message: Message) -> None:
        """Show something to one person alone where they are; nobody can look it up later."""
        await self._call(
            "chat.postEphemeral",
            lambda: self._client.chat_postEphemeral(
                channel=place.channel_id,
                thread_ts=place.thread_ts,
                user=user_id,
                **message.arguments(),
            ),
        )

    async def publish(self, user_id: str, view: dict[str, Any]) -> None:
        """Make someone's App Home show a view; doing it twice does no harm."""
        await self._call(
            "views.publish", lambda: self._client.views_publish(user_id=user_id, view=view)
        )

    async def is_public(self, channel_id: str) -> bool:
        """Ask whether everyone in the workspace may look into a channel."""
        answer = await self._call(
            "conversations.info", lambda: self._client.conversations_info(channel=channel_id)
        )
        channel: dict[str, Any] = answer.get("channel") or {}
        closed = ("is_private", "is_im", "is_mpim")
        return channel.get("is_private") is False and not any(channel.get(each) for each in closed)

    async def is_open(self, channel_id: str) -> bool:
        """Ask whether a channel still takes messages."""
        answer = await self._call(
            "conversations.info", lambda: self._client.conversations_info(channel=channel_id)
        )
        return not (answer.get("channel") or {}).get("is_archived")

    async def person(self, user_id: str) -> Person:
        """Read who someone is: docs.slack.dev/reference/methods/users.info."""
        answer = await self._call("users.info", lambda: self._client.users_info(user=user_id))
        user: dict[str, Any] = answer.get("user") or {}
        return Person(str(user.get("tz") or ""), has_left=bool(user.get("deleted")))

    async def people_in(self, group_id: str) -> frozenset[str]:
        """Read who is in a user group: docs.slack.dev/reference/methods/usergroups.users.list."""
        answer = await self._call(
            "usergroups.users.list",
            lambda: self._client.usergroups_users_list(usergroup=group_id),
        )
        return frozenset(map(str, answer.get("users", [])))

    async def write_to(self, user_id: str, message: Message) -> None:
        """Write to one person where nothing else reaches them: in the bot's own conversation."""
        await self._call(
            "chat.postMessage",
            lambda: self._client.chat_postMessage(
                channel=user_id, unfurl_links=False, unfurl_media=False, **message.arguments()
            ),
        )

    async def _page(self, place: Place, oldest: str, cursor: str | None) -> AsyncSlackResponse:
        about: dict[str, Any] = {
            "channel": place.channel_id,
            "oldest": oldest,
            "include_all_metadata": True,
            "limit": _PAGE,
            "cursor": cursor,
        }
        if place.thread_ts is None:
            return await self._call(
                "conversations.history", lambda: self._client.conversations_history(**about)
            )
        thread_ts = place.thread_ts
        return await self._call(
            "conversations.replies",
            lambda: self._client.conversations_replies(ts=thread_ts, **about),
        )

    async def _call(
        self, method: str, send: Callable[[], Awaitable[AsyncSlackResponse]]
    ) -> AsyncSlackResponse:
        try:
            answer = await send()
        except SlackApiError as error:
            raise self._sorted(method, error) from error
        except _UNCLEAR as error:
            self._observe(method, "unsure")
            raise UnsureError.from_error(error) from error
        self._observe(method, "ok")
        return answer

    def _sorted(self, method: str, error: SlackApiError) -> PosterError:
        response = error.response
        # The SDK passes aiohttp's own response on when the body was to be JSON and was not.
        read = isinstance(response, AsyncSlackResponse)
        status = response.status_code if read else response.status
        said = response.data if read and isinstance(response.data, dict) else {}
        code = str(said.get("error") or f"HTTP {status}")
        self._observe(method, code)
        if status == _TOO_MANY or code in {"ratelimited", "rate_limited"}:
            return BusyError(_pause(response.headers.get("Retry-After", "1")))
        if code in PERMANENT:
            return RefusedError(code)
        passes = code in TRANSIENT or status >= _SERVER_ERROR
        return UnsureError(code, PATIENCE if passes else _A_WHILE)


def _pause(seconds: str) -> timedelta:
    return timedelta(seconds=max(1, int(seconds) if seconds.isdecimal() else 1))
