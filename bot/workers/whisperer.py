"""The whisperer: tells one person alone what the store keeps for them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.builds.pacing import back_off
from bot.slack.errors import PATIENCE, BusyError, PosterError, RefusedError, UnsureError
from bot.slack.messages.message import Message
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.whispers import Whisper
from bot.workers.privately import tell

log = structlog.get_logger(__name__)
_IDLE = timedelta(hours=1)


class Whisperer:
    """Claims a whisper, says it, and forgets it.

    Nobody can look up what one person was shown alone. So one that was maybe said is said again:
    rather twice than never.
    """

    def __init__(
        self, store: Store, poster: Poster, owner: str, clock: Callable[[], datetime]
    ) -> None:
        self._whispers = store.whispers
        self._poster = poster
        self._owner = owner
        self._clock = clock

    async def step(self, now: datetime) -> datetime | None:
        """Say one thing; return when to come back, None for at once."""
        due = await self._whispers.next_due()
        if due is None or due > now:
            return due or now + _IDLE
        whisper = await self._whispers.claim(self._owner, now)
        if whisper is None:
            return now  # another loop was faster
        with structlog.contextvars.bound_contextvars(whisper=whisper.id):
            await self._say(whisper)
        return None

    async def _say(self, whisper: Whisper) -> None:
        age = self._clock() - whisper.asked_at
        told = Message(whisper.message["text"], tuple(whisper.message.get("blocks", ())))
        try:
            await tell(self._poster, whisper.asker, told, age=age, instead=whisper.instead)
        except BusyError as error:
            await self._later(whisper, error, error.pause, PATIENCE)
        except UnsureError as error:
            await self._later(whisper, error, back_off(whisper.attempts), error.patience)
        except RefusedError as error:
            log.warning("nowhere to say it", code=error.code)
            await self._whispers.over(whisper)
        else:
            await self._whispers.over(whisper)

    async def _later(
        self, whisper: Whisper, error: PosterError, pause: timedelta, patience: timedelta
    ) -> None:
        now = self._clock()
        if now - whisper.asked_at < patience:
            log.warning("not surely said", detail=str(error), attempts=whisper.attempts)
            await self._whispers.postpone(whisper, now + pause)
        else:
            log.error("given up", detail=str(error), since=whisper.asked_at)
            await self._whispers.over(whisper)
