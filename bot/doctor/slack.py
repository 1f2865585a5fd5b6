"""The doctor at Slack: the token, its scopes, and the way from Slack to the bot."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.builds.rights import Rights
from bot.doctor.finding import Finding
from bot.settings import Settings
from bot.slack.manifest import SCOPES

_TOKEN, _SCOPES, _DELIVERY = "Slack bot token", "Slack scopes", "Slack delivery"
_SILENT = (aiohttp.ClientError, TimeoutError, OSError)
_COPY = "Copy the Bot User OAuth Token from OAuth & Permissions into SLACK_BOT_TOKEN."
_REINSTALL = "Put the scopes of `python -m bot manifest` into the app and reinstall it."
_CREATE = "Create an app-level token with connections:write for SLACK_APP_TOKEN."
_NETWORK = "Check SLACK_API_URL and the network."
_IDS = "Slack ids"
_CHECK_PEOPLE = "Check the ids in ALLOWED_USERS and ADMIN_USERS."
_CHECK_CHANNELS = "Check the ids in ALLOWED_CHANNELS; into a private channel, invite the bot."
_A_WAY = "Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)."


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a question has no answer of Slack's; `silent` means that Slack did not speak at all."""

    said: str
    silent: bool


async def examine(settings: Settings, session: aiohttp.ClientSession) -> AsyncIterator[Finding]:
    """Ask Slack whose token this is; without an answer the rest cannot be known."""
    slack = AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=[],
    )
    answer = await _ask(slack.auth_test())
    if isinstance(answer, _Trouble):
        yield Finding.bad(_TOKEN, answer.said, _NETWORK if answer.silent else _COPY)
        return
    yield Finding.good(_TOKEN, f"is {answer.get('user')} in {answer.get('team')}")
    yield _scopes(str(answer.headers.get("x-oauth-scopes", "")))
    yield await _delivery(settings, slack, session)
    if (found := await _ids(settings.rights, slack)) is not None:
        yield found


def _scopes(granted: str) -> Finding:
    has = {scope.strip() for scope in granted.split(",")}
    missing = [scope for scope in SCOPES if scope not in has]
    if missing:
        return Finding.bad(_SCOPES, f"missing {', '.join(missing)}", _REINSTALL)
    return Finding.good(_SCOPES, "all there")


async def _ids(rights: Rights, slack: AsyncWebClient) -> Finding | None:
    """Ask about each id that a setting names: one that is wrong lets nobody in."""
    named = []
    for group in sorted(rights.groups):
        answer = await _ask(slack.usergroups_users_list(usergroup=group))
        if isinstance(answer, _Trouble):
            return _wrong(group, answer, _CHECK_PEOPLE)
        named.append(f"{len(answer.get('users', []))} in {group}")
    for person in sorted((rights.people | rights.admins) - rights.groups):
        answer = await _ask(slack.users_info(user=person))
        if isinstance(answer, _Trouble):
            return _wrong(person, answer, _CHECK_PEOPLE)
        if (answer.get("user") or {}).get("deleted"):
            return Finding.bad(_IDS, f"{person} has left", _CHECK_PEOPLE)
        named.append(f"{person} is {(answer.get('user') or {}).get('name')}")
    for channel in sorted(rights.channels):
        answer = await _ask(slack.conversations_info(channel=channel))
        if isinstance(answer, _Trouble):
            return _wrong(channel, answer, _CHECK_CHANNELS)
        named.append(f"{channel} is #{(answer.get('channel') or {}).get('name')}")
    return Finding.good(_IDS, ", ".join(named)) if named else None


def _wrong(asked: str, answer: _Trouble, advice: str) -> Finding:
    return Finding.bad(_IDS, f"{asked}: {answer.said}", _NETWORK if answer.silent else advice)


async def _delivery(
    settings: Settings, slack: AsyncWebClient, session: aiohttp.ClientSession
) -> Finding:
    if settings.slack_app_token is not None:
        return await _socket_mode(slack, settings.slack_app_token.get_secret_value())
    if settings.slack_signing_secret is None:
        return Finding.bad(_DELIVERY, "Slack has no way to reach the bot", _A_WAY)
    if settings.public_url is None:
        said = "signed HTTP; set PUBLIC_URL to have the bot's address looked at as well"
        return Finding.good(_DELIVERY, said)
    return await _public_url(settings.public_url, session)


async def _socket_mode(slack: AsyncWebClient, app_token: str) -> Finding:
    answer = await _ask(slack.apps_connections_open(app_token=app_token))
    if isinstance(answer, _Trouble):
        advice = _NETWORK if answer.silent else _CREATE
        return Finding.bad(_DELIVERY, f"Socket Mode: {answer.said}", advice)
    return Finding.good(_DELIVERY, "Socket Mode opens")


async def _public_url(url: str, session: aiohttp.ClientSession) -> Finding:
    """Look at the bot from outside, as far as this machine is outside."""
    address = f"{url}/healthz"
    try:
        async with session.get(address) as answer:
            status, is_bot = answer.status, await _is_bot(answer)
    except _SILENT as error:
        return Finding.bad(
            _DELIVERY, f"no answer at {address} ({type(error).__name__})", _lead(url)
        )
    if not is_bot:
        return Finding.bad(_DELIVERY, f"not this bot at {address} (HTTP {status})", _lead(url))
    return Finding.good(_DELIVERY, f"signed HTTP; the bot answers at {address}")


async def _is_bot(answer: aiohttp.ClientResponse) -> bool:
    try:
        return bool(await answer.json() == {"ok": True})
    except (aiohttp.ContentTypeError, ValueError):
        return False


def _lead(url: str) -> str:
    return (
        "Start `python -m bot serve` and see that PUBLIC_URL leads to its HOST and PORT."
        f" Slack must have the same address: python -m bot manifest --url {url}"
    )


async def _ask(call: Awaitable[AsyncSlackResponse]) -> "AsyncSlackResponse | _Trouble":
    unreadable = _Trouble("an answer that cannot be read", silent=True)
    try:
        return await call
    except SlackApiError as error:
        # For a body that is no JSON the SDK hands out something else than its own response.
        response = error.response
        if not isinstance(response, AsyncSlackResponse) or not response.data:
            return unreadable
        return _Trouble(f"refused: {response.get('error')}", silent=False)
    except AttributeError:
        return unreadable  # the SDK's own, for an answer in plain text
    except _SILENT as error:
        return _Trouble(f"no answer ({type(error).__name__})", silent=True)
