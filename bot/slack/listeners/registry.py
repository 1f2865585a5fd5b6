"""The Bolt app with every listener on it, for HTTP and Socket Mode alike."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.identity import Identity
from bot.slack.listeners import (
    build,
    builds,
    buttons,
    download,
    form,
    home,
    mention,
    projects,
    schedules,
    shortcut,
)
from bot.slack.listeners.asked import Desk
from bot.slack.messages.answer import broken, foreign_team, unclear
from bot.slack.messages.message import Message
from bot.store.trouble import UncertainError, said

log = structlog.get_logger(__name__)
_OF_EVERY_COMMAND = ("user_id", "channel_id", "trigger_id")


def create_bolt(
    client: AsyncWebClient,
    signing_secret: str | None,
    identity: Identity,
    desk: Desk,
    *,
    links: bool,
) -> AsyncApp:
    """Wire the listeners; without a signing secret only Socket Mode can deliver."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:  # noqa: ARG001 - Bolt passes these by name
        return await identity.get()

    # Bolt takes its level from here; by itself it would follow the root and print bodies.
    logger = logging.getLogger("slack_bolt")
    logger.addFilter(_is_news)
    bolt = AsyncApp(
        # Without one, the whole call stack is read for the caller's file; its listeners log by it.
        name="slack_bolt.app",
        client=client,
        logger=logger,
        # An empty secret fits no signature: then nothing that comes over HTTP is taken.
        signing_secret=signing_secret or "",
        authorize=authorize,
        # The answer is sent when the listener ends: it cannot be lost, and nothing follows it.
        process_before_response=True,
    )
    bolt.middleware(_only_our_team)
    bolt.middleware(_someone_somewhere)
    bolt.error(_broken)
    build.register(bolt, desk)
    builds.register(bolt, desk)
    buttons.register(bolt, desk)
    download.register(bolt, desk, configured=links)
    home.register(bolt, desk)
    mention.register(bolt, desk)
    shortcut.register(bolt, desk)
    form.register(bolt, desk)
    projects.register(bolt, desk)
    schedules.register(bolt, desk)
    return bolt


def _is_news(record: logging.LogRecord) -> bool:
    """Drop Bolt's warning that a token in the environment, where it belongs, is not for Bolt."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


async def _only_our_team(
    context: AsyncBoltContext, next_: Callable[[], Awaitable[BoltResponse]]
) -> BoltResponse:
    known = context.authorize_result
    if known is not None and known.team_id is not None and context.team_id == known.team_id:
        return await next_()
    # The workspaces of one Enterprise Grid share channels, and with them the bot.
    grid = known.enterprise_id if known is not None else None
    if grid is not None and context.enterprise_id == grid:
        return await next_()
    log.warning("foreign team", team=context.team_id)
    return _ephemeral(foreign_team())


async def _someone_somewhere(
    body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
) -> BoltResponse:
    """Refuse a command without an asker, a place or a key, which Slack does not send."""
    if "command" in body and not all(body.get(name) for name in _OF_EVERY_COMMAND):
        log.warning(
            "a command of nobody", lacking=[n for n in _OF_EVERY_COMMAND if not body.get(n)]
        )
        return BoltResponse(status=400)
    return await next_()


async def _broken(error: Exception, body: dict[str, Any]) -> BoltResponse:
    if (trouble := said(error)) is not None:
        log.error("database trouble", said=trouble)
    else:
        log.error("listener failed", exc_info=error)
    if body.get("type") == "event_callback":
        # Nobody reads the answer to an event; without an ack Slack brings it again.
        return BoltResponse(status=500)
    told = unclear() if isinstance(error, UncertainError) else broken()
    if body.get("type") == "view_submission":
        return _broken_form(body["view"]["blocks"], told)
    return _ephemeral(told)


def _broken_form(blocks: list[dict[str, Any]], told: Message) -> BoltResponse:
    """Keep the form open with all that was typed, and say at its first field that it failed."""
    fields = [block["block_id"] for block in blocks if block["type"] == "input"]
    if not fields:
        return BoltResponse(status=500)  # Slack says by itself that it had trouble
    errors = {fields[0]: told.text}
    return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})


def _ephemeral(told: Message) -> BoltResponse:
    return BoltResponse(status=200, body={"response_type": "ephemeral", **told.arguments()})
