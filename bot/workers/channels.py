"""The channel reader: asks Slack which channels are public, as their builds are shown to all."""

from datetime import datetime, timedelta

import structlog

from bot.slack.errors import BusyError, RefusedError, UnsureError
from bot.slack.poster import Poster
from bot.store import Store

log = structlog.get_logger(__name__)
_IDLE = timedelta(hours=1)
# A public channel can be made private, and rarely is.
_EVERY = timedelta(hours=1)
_AGAIN = timedelta(minutes=1)
# Slack takes 50 such questions a minute.
_SPACING = timedelta(seconds=1.2)


class ChannelReader:
    """Looks at one channel at a time; one that Slack does not show to the bot is private."""

    def __init__(self, store: Store, poster: Poster) -> None:
        self._channels = store.channels
        self._poster = poster

    async def step(self, now: datetime) -> datetime | None:
        """Look at the channel that is most due; return when to come back."""
        due = await self._channels.next_due()
        if due is None or due > now:
            return due or now + _IDLE
        channel_id = await self._channels.claim(now)
        if channel_id is not None:
            await self._look(channel_id, now)
        return now + _SPACING

    async def _look(self, channel_id: str, now: datetime) -> None:
        try:
            is_public = await self._poster.is_public(channel_id)
        except BusyError as error:
            await self._channels.postpone(channel_id, now + error.pause)
        except UnsureError as error:
            log.warning("channel unknown", channel=channel_id, detail=str(error))
            await self._channels.postpone(channel_id, now + _AGAIN)
        except RefusedError as error:
            log.info("channel not shown", channel=channel_id, code=error.code)
            await self._channels.saw(channel_id, now + _EVERY, is_public=False)
        else:
            await self._channels.saw(channel_id, now + _EVERY, is_public=is_public)
