"""response_url: five answers within thirty minutes, also where the bot is not a member."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.wire import Clock
from bot.sandbox.slack.workspace import Channel


@dataclass(slots=True, eq=False)
class Hook:
    """One response_url: for whom, where, and the message it came from or made."""

    id: str
    user: str
    channel: Channel
    expires: datetime
    uses_left: int
    original: Message | None = None


class Hooks:
    """Every response_url that was handed out."""

    def __init__(self, clock: Clock) -> None:
        self.lasts = timedelta(minutes=30)
        self.uses = 5
        self._clock = clock
        self._hooks: dict[str, Hook] = {}

    def issue(self, user: str, channel: Channel, original: Message | None = None) -> Hook:
        """Make a response_url for what a person did in a channel or to a message."""
        hook_id = secrets.token_urlsafe(18)
        expires = self._clock() + self.lasts
        hook = Hook(hook_id, user, channel, expires, self.uses, original)
        self._hooks[hook_id] = hook
        return hook

    def use(self, hook_id: str) -> Hook:
        """Spend one use; refuse what is unknown, old or used up."""
        hook = self._hooks.get(hook_id)
        if hook is None:
            error = "invalid_url"
            raise Refused(error)
        if self._clock() > hook.expires:
            error = "expired_url"
            raise Refused(error)
        if not hook.uses_left:
            error = "used_url"
            raise Refused(error)
        hook.uses_left -= 1
        return hook
