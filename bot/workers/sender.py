"""The sender: posts and edits what was claimed, while the lease is young enough for it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.slack.messages.message import Message
from bot.slack.poster import Place, Poster
from bot.store.notice import Notice

# A database in trouble may hold up what was claimed. The rest of the lease is for the call.
_FRESH = timedelta(seconds=10)


class TooLateError(Exception):
    """So much of the lease is gone that nothing may be sent under it any more."""


class Sender:
    """Sends a notice to Slack; TooLateError when it could arrive after another took over."""

    def __init__(self, poster: Poster, clock: Callable[[], datetime]) -> None:
        self._poster = poster
        self._clock = clock

    async def post(self, notice: Notice, place: Place, shown: Message) -> str:
        """Post it, with the key by which it is found; return the ts."""
        self._check_lease(notice)
        return await self._poster.post(place, shown, notice.key)

    async def edit(self, notice: Notice, ts: str, shown: Message) -> None:
        """Edit what stands."""
        self._check_lease(notice)
        await self._poster.update(notice.channel_id, ts, shown)

    def _check_lease(self, notice: Notice) -> None:
        if self._clock() - notice.claimed_at > _FRESH:
            raise TooLateError
