"""users.*, usergroups.users.list, reactions.add, auth.test and api.test: who is who."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.methods.paging import page, with_cursor
from bot.sandbox.slack.methods.places import joined
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import User


def auth_test(core: Core, _: Arguments) -> Json:
    """Say whose token this is: docs.slack.dev/reference/methods/auth.test."""
    workspace = core.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def api_test(_: Core, arguments: Arguments) -> Json:
    """Give back what was sent, or the error that was asked for."""
    if "error" in arguments:
        raise Refused(arguments.text("error"), args=arguments.given)
    return {"args": {k: v for k, v in arguments.given.items() if k != "token"}}


def info(core: Core, arguments: Arguments) -> Json:
    """Describe a person."""
    [user_id] = arguments.needed("user")
    known = core.workspace.users | {core.workspace.bot.id: core.workspace.bot}
    if user_id not in known:
        error = "user_not_found"
        raise Refused(error)
    return {"user": described(core, known[user_id])}


def listing(core: Core, arguments: Arguments) -> Json:
    """List everyone, in pages; the bot too."""
    everyone = [*core.workspace.users.values(), core.workspace.bot]
    keyed = [(user.id, described(core, user)) for user in everyone]
    chosen, cursor = page(keyed, arguments)
    return with_cursor({"members": chosen}, cursor)


def in_group(core: Core, arguments: Arguments) -> Json:
    """List who is in a user group."""
    [group_id] = arguments.needed("usergroup")
    if group_id not in core.workspace.groups:
        error = "no_such_subteam"
        raise Refused(error)
    return {"users": sorted(core.workspace.groups[group_id])}


def react(core: Core, arguments: Arguments) -> Json:
    """Add an emoji to a message."""
    name, ts, emoji = arguments.needed("channel", "timestamp", "name")
    channel = joined(core, name)
    message = channel.messages.get(ts)
    if message is None:
        error = "message_not_found"
        raise Refused(error)
    users = message.reactions.setdefault(emoji, [])
    if core.workspace.bot.id in users:
        error = "already_reacted"
        raise Refused(error)
    users.append(core.workspace.bot.id)
    return {}


def described(core: Core, user: User) -> Json:
    """Return Slack's user object."""
    offset = datetime.now(ZoneInfo(user.zone)).utcoffset() or timedelta()
    return {
        "id": user.id,
        "team_id": core.workspace.team_id,
        "name": user.name,
        "deleted": user.has_left,
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.zone,
        "tz_offset": int(offset.total_seconds()),
        "is_bot": user.is_bot,
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "title": user.title,
            "team": core.workspace.team_id,
        },
    }
