"""Every method of the Web API that this Slack knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.methods import chat, conversations, history, people, views
from bot.sandbox.slack.wire import Json


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what it does, and what the token needs for it."""

    run: Callable[[Core, Arguments], Json]
    scopes: tuple[str, ...] = ()
    app_level: bool = False
    open_to_all: bool = False


def _open_connection(core: Core, _: Arguments) -> Json:
    """Hand out a WebSocket URL for Socket Mode."""
    address = core.url.replace("http", "ws", 1)
    return {
        "url": f"{address}/socket?ticket={core.sockets.ticket()}&app_id={core.workspace.app_id}"
    }


WRITE = ("chat:write",)
METHODS: Mapping[str, Method] = {
    "api.test": Method(people.api_test, open_to_all=True),
    "apps.connections.open": Method(_open_connection, app_level=True),
    "auth.test": Method(people.auth_test),
    "chat.delete": Method(chat.delete, WRITE),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, WRITE),
    "chat.postMessage": Method(chat.post_message, WRITE),
    "chat.update": Method(chat.update, WRITE),
    "conversations.history": Method(history.history),
    "conversations.info": Method(conversations.info),
    "conversations.join": Method(conversations.join),
    "conversations.list": Method(conversations.listing),
    "conversations.members": Method(conversations.members),
    "conversations.open": Method(conversations.open_direct),
    "conversations.replies": Method(history.replies),
    "reactions.add": Method(people.react, ("reactions:write",)),
    "usergroups.users.list": Method(people.in_group, ("usergroups:read",)),
    "users.info": Method(people.info, ("users:read",)),
    "users.list": Method(people.listing, ("users:read",)),
    "views.open": Method(views.open_view),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}
