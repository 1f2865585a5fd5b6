"""conversations.*: which channels there are, and who is in them."""

from bot.sandbox.slack.arguments import Arguments
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.methods.paging import page, with_cursor
from bot.sandbox.slack.methods.places import visible
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Channel

KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def info(core: Core, arguments: Arguments) -> Json:
    """Describe a channel: docs.slack.dev/reference/methods/conversations.info."""
    [name] = arguments.needed("channel")
    channel = visible(core, name)
    core.require(f"{channel.kind}:read")
    shown = described(core, channel)
    if arguments.flag("include_num_members"):
        shown["num_members"] = len(_members(core, channel))
    return {"channel": shown}


def listing(core: Core, arguments: Arguments) -> Json:
    """List channels that the bot can see, in pages."""
    kinds = [kind.strip() for kind in arguments.text("types", "public_channel").split(",")]
    if not set(kinds) <= set(KINDS):
        error = "invalid_types"
        raise Refused(error)
    for kind in kinds:
        core.require(f"{KINDS[kind]}:read")
    wanted = {KINDS[kind] for kind in kinds}
    channels = [
        (channel.id, described(core, channel))
        for channel in core.workspace.channels.values()
        if channel.kind in wanted
        and (channel.bot_in or not channel.is_private)
        and not (channel.is_archived and arguments.flag("exclude_archived"))
    ]
    chosen, cursor = page(channels, arguments)
    return with_cursor({"channels": chosen}, cursor)


def members(core: Core, arguments: Arguments) -> Json:
    """List who is in a channel, in pages."""
    [name] = arguments.needed("channel")
    channel = visible(core, name)
    core.require(f"{channel.kind}:read")
    everyone = [(user, user) for user in _members(core, channel)]
    chosen, cursor = page(everyone, arguments)
    return with_cursor({"members": chosen}, cursor)


def join(core: Core, arguments: Arguments) -> Json:
    """Let the bot into a public channel."""
    core.require("channels:join")
    [name] = arguments.needed("channel")
    channel = visible(core, name)
    if channel.is_private or channel.is_im:
        error = "method_not_supported_for_channel_type"
        raise Refused(error)
    if channel.is_archived:
        error = "is_archived"
        raise Refused(error)
    channel.bot_in = True
    event = {"type": "channel", "channel": core.outline(channel)}
    core.audience.tell(core.workspace.audience(channel), event)
    return {"channel": described(core, channel)}


def open_direct(core: Core, arguments: Arguments) -> Json:
    """Open the direct conversation with one person."""
    core.require("im:write")
    [users] = arguments.needed("users")
    if users not in core.workspace.users:
        error = "user_not_found"
        raise Refused(error)
    channel = core.direct(users)
    whole = arguments.flag("return_im")
    return {"channel": described(core, channel) if whole else {"id": channel.id}}


def described(core: Core, channel: Channel) -> Json:
    """Return Slack's conversation object."""
    shown: Json = {
        "id": channel.id,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "is_private": channel.is_private,
        "is_channel": channel.kind == "channels",
        "is_group": channel.kind == "groups",
        "context_team_id": core.workspace.team_id,
    }
    if channel.is_im:
        return shown | {"user": next(iter(channel.members))}
    topic = {"value": channel.topic, "creator": "", "last_set": 0}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_member": channel.bot_in,
        "topic": topic,
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(_members(core, channel)),
    }


def _members(core: Core, channel: Channel) -> list[str]:
    return sorted(channel.members) + ([core.workspace.bot.id] if channel.bot_in else [])
