"""Acting as a person, from Python: what the page, the demo and the tests do."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from bot.sandbox.slack.audience import Events
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.people import filling, pressing, talking, visiting
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import User


class Acting:
    """What people can do; every act ends when the app has acked or Slack has given up on it."""

    core: Core

    async def say(
        self, user_id: str, channel_id: str, text: str, thread_ts: str | None = None
    ) -> None:
        """Type a message or a slash command, and wait until a command was answered."""
        channel = self.core.workspace.channels[channel_id]
        await talking.say(self.core, self._person(user_id), channel, text, thread_ts)

    async def press(
        self,
        user_id: str,
        where: str,
        action_id: str,
        value: object = None,
        *,
        block_id: str | None = None,
        state: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        """Use an element of a message (its ts) or a view (its id), and wait for the ack.

        `value` is what is chosen: an option's value or text, a date, a user, or Slack's own
        object; a button has its own. A LookupError says that there is no such element.
        """
        user = self._person(user_id)
        at = pressing.place(self.core, user, where)
        await pressing.press(self.core, user, at, action_id, value, block_id, state)

    async def suggest(
        self, user_id: str, where: str, action_id: str, typed: str, *, block_id: str | None = None
    ) -> Json:
        """Type in an external menu; returns `options` or `option_groups` as the app gave them."""
        user = self._person(user_id)
        at = pressing.place(self.core, user, where)
        return await pressing.suggest(self.core, user, at, action_id, typed, block_id)

    async def shortcut(self, user_id: str, message_ts: str, callback_id: str) -> None:
        """Choose one of the app's entries in a message's menu."""
        user = self._person(user_id)
        at = pressing.place(self.core, user, message_ts)
        await pressing.shortcut(self.core, user, at, callback_id)

    async def submit(self, user_id: str, view_id: str, values: Mapping[str, Any]) -> None:
        """Submit a modal; `values` by block_id and action_id, plain or Slack's own objects."""
        view = self.core.forms.views[view_id]
        await filling.submit(self.core, self._person(user_id), view, values)

    async def close(self, user_id: str, view_id: str) -> None:
        """Close a modal without submitting it."""
        view = self.core.forms.views[view_id]
        await filling.close(self.core, self._person(user_id), view)

    def open_home(self, user_id: str) -> None:
        """Open the app's Home tab."""
        visiting.open_home(self.core, self._person(user_id))

    def watch(self, user_id: str) -> AbstractAsyncContextManager[Events]:
        """Look on as a person: an iterator of everything their client shows from now on."""
        return self.core.audience.watch(self._person(user_id).id)

    def _person(self, user_id: str) -> User:
        return self.core.workspace.person(user_id)
