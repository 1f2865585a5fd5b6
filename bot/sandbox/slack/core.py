"""The core: everything that this one workspace's Slack knows, in one place."""

import secrets
from dataclasses import dataclass, field

from bot.sandbox.slack.audience import Audience
from bot.sandbox.slack.books import Books
from bot.sandbox.slack.courier import Courier
from bot.sandbox.slack.demo import demo_workspace
from bot.sandbox.slack.forms import Forms
from bot.sandbox.slack.ids import Stamps
from bot.sandbox.slack.installation import Installation
from bot.sandbox.slack.pace import Pace
from bot.sandbox.slack.posting import Posting
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.response_urls import Hooks
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.wire import Clock, Json
from bot.sandbox.slack.workspace import Channel, Workspace


@dataclass(slots=True)
class Credentials:
    """What the app was given when it was installed; made up anew for every sandbox."""

    bot_token: str = field(default_factory=lambda: f"xoxb-1-2-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-A-3-{secrets.token_hex(32)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verification: str = field(default_factory=lambda: secrets.token_hex(12))
    # set to "token_revoked" or "account_inactive", every call with these tokens is refused with it
    ended_by: str | None = None


class Core:
    """The parts of one Slack, wired together."""

    def __init__(self, clock: Clock, workspace: Workspace | None = None) -> None:
        self.clock = clock
        self.url = ""
        self.workspace = workspace or demo_workspace()
        self.installation = Installation()
        self.credentials = Credentials()
        self.books = Books()
        self.audience = Audience()
        self.stamps = Stamps(clock)
        self.posting = Posting(self.workspace, self.audience, self.stamps)
        self.forms = Forms(self.workspace, self.audience, self.stamps)
        self.triggers = Triggers(clock)
        self.pace = Pace(clock)
        self.sockets = Sockets(self.workspace.app_id)
        self.courier = Courier(self.sockets, self.books, clock)
        self.hooks = Hooks(clock)

    def require(self, scope: str) -> None:
        """Refuse a call when the app lacks a scope."""
        if not self.installation.allows(scope):
            provided = ",".join(sorted(self.installation.scopes or ()))
            error = "missing_scope"
            raise Refused(error, needed=scope, provided=provided)

    def direct(self, user: str) -> Channel:
        """Return a person's direct conversation with the bot, shown to them when new."""
        known = set(self.workspace.channels)
        channel = self.workspace.direct(user)
        if channel.id not in known:
            self.audience.tell([user], {"type": "channel", "channel": self.outline(channel)})
        return channel

    def notice(self, user: str, channel: str | None, text: str) -> None:
        """Let Slackbot tell one person something that no app said."""
        self.audience.tell([user], {"type": "notice", "channel": channel, "text": text})

    def outline(self, channel: Channel) -> Json:
        """Describe a channel as the list of channels shows it."""
        name = f"@{self.workspace.bot.name}" if channel.is_im else channel.name
        return {
            "id": channel.id,
            "name": name,
            "is_private": channel.is_private or channel.is_im,
            "is_im": channel.is_im,
            "bot_in": channel.bot_in,
            "topic": channel.topic,
        }
