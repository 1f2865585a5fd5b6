"""Trigger ids: the right to open one modal, for three seconds, once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.slack.refusals import Refused
from bot.sandbox.slack.wire import Clock


@dataclass(slots=True)
class _Trigger:
    user: str
    expires: datetime
    view_id: str | None
    used: bool = False


class Triggers:
    """The trigger ids that were handed out with commands and interactions."""

    def __init__(self, clock: Clock) -> None:
        self.lasts = timedelta(seconds=3)
        self._clock = clock
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """Make a trigger id for what this person did, in a view when they did it there."""
        parts = (secrets.randbelow(10**12), secrets.randbelow(10**12), secrets.token_hex(16))
        trigger_id = ".".join(map(str, parts))
        self._issued[trigger_id] = _Trigger(user, self._clock() + self.lasts, view_id)
        return trigger_id

    def exchange(self, trigger_id: str) -> tuple[str, str | None]:
        """Return whose trigger it is and from which view; refuse what is old, used or made up."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            error = "invalid_trigger_id"
            raise Refused(error)
        if trigger.used:
            error = "exchanged_trigger_id"
            raise Refused(error)
        if self._clock() > trigger.expires:
            error = "trigger_expired"
            raise Refused(error)
        trigger.used = True
        return trigger.user, trigger.view_id
