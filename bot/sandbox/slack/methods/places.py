"""Finding the conversation that a call means, and whether the bot may use it."""

from bot.sandbox.slack.core import Core
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.workspace import Channel


def visible(core: Core, name: str) -> Channel:
    """Return a channel that the bot can know of; private ones only as a member."""
    channel = core.workspace.channel(name)
    if channel is None or (channel.is_private and not channel.bot_in):
        error = "channel_not_found"
        raise Refused(error)
    return channel


def joined(core: Core, name: str) -> Channel:
    """Return a channel that the bot is a member of."""
    channel = visible(core, name)
    if not channel.bot_in:
        error = "not_in_channel"
        raise Refused(error)
    return channel


def writable(core: Core, name: str) -> Channel:
    """Return where a message may go: a joined channel, a public one by scope, or a person's DM."""
    if name in core.workspace.users:
        return core.direct(name)
    channel = visible(core, name)
    if channel.is_archived:
        error = "is_archived"
        raise Refused(error)
    if not channel.bot_in and not core.installation.allows("chat:write.public"):
        error = "not_in_channel"
        raise Refused(error)
    return channel
