"""Payloads in Slack's words: commands, interactions and events, as they go to the app."""

from bot.sandbox.slack.core import Core
from bot.sandbox.slack.delivery import COMMAND, INTERACTION, Parcel
from bot.sandbox.slack.forms import View
from bot.sandbox.slack.ids import new_id
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.response_urls import Hook
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Channel, User

CHANNEL_NAMES = {"im": "directmessage", "groups": "privategroup"}


def command(core: Core, user: User, name: str, text: str, hook: Hook) -> Parcel:
    """Fill in the form of a slash command."""
    payload: Json = {
        "token": core.credentials.verification,
        "team_id": core.workspace.team_id,
        "team_domain": core.workspace.domain,
        "channel_id": hook.channel.id,
        "channel_name": CHANNEL_NAMES.get(hook.channel.kind, hook.channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": core.workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url(core, hook),
        "trigger_id": core.triggers.issue(user.id),
    }
    return Parcel(COMMAND, payload)


def response_url(core: Core, hook: Hook) -> str:
    """Return the address where this hook is answered."""
    return f"{core.url}/response/{hook.id}"


def interaction(core: Core, kind: str, user: User, **parts: object) -> Parcel:
    """Fill in what every interaction has, and these parts."""
    team = {"id": core.workspace.team_id, "domain": core.workspace.domain}
    payload: Json = {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": core.workspace.team_id,
        },
        "api_app_id": core.workspace.app_id,
        "token": core.credentials.verification,
        "team": team,
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return Parcel(INTERACTION, payload | parts)


def of_message(core: Core, channel: Channel, message: Message) -> Json:
    """Say where an interaction took place; an ephemeral message itself is not sent along."""
    ephemeral = message.for_user is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    place: Json = {
        "container": container,
        "channel": {
            "id": channel.id,
            "name": CHANNEL_NAMES.get(channel.kind, channel.name),
        },
    }
    return place if ephemeral else place | {"message": core.posting.shown(channel, message)}


def of_view(core: Core, view: View) -> Json:
    """Say in which view an interaction took place."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": core.forms.shown(view),
    }


def event(core: Core, inner: Json) -> Json:
    """Wrap an event as the Events API does, with an id of its own."""
    workspace = core.workspace
    return {
        "token": core.credentials.verification,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(core.clock().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": new_id("4-"),
    }
