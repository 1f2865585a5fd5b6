"""The publisher: keeps the App Home of everyone who opened theirs as the store says it is."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.builds.pacing import back_off
from bot.slack.errors import BusyError, RefusedError, UnsureError
from bot.slack.messages.home import home as render
from bot.slack.poster import Poster
from bot.store import Store
from bot.store.homes import Home

log = structlog.get_logger(__name__)
_IDLE = timedelta(hours=1)
_LOOK_AGAIN = timedelta(seconds=1)


class Publisher:
    """Claims a Home that may have changed, renders it as it is now, publishes what is new."""

    def __init__(
        self, store: Store, poster: Poster, owner: str, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._poster = poster
        self._owner = owner
        self._clock = clock

    async def step(self, now: datetime) -> datetime | None:
        """Look after one Home; return when to come back, None for at once."""
        # Read before the Home is rendered: what changes meanwhile makes it due again.
        mark = await self._store.homes.mark(now)
        if mark is None:
            return now + _IDLE
        home = await self._store.homes.claim(mark, self._owner, now)
        if home is None:
            return now + _LOOK_AGAIN
        await self._show(home, mark)
        return None

    async def _show(self, home: Home, mark: str) -> None:
        homes = self._store.homes
        view = render(await self._store.overviews.of(home.user_id))
        digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        try:
            if digest != home.shown:
                await self._poster.publish(home.user_id, view)
        except BusyError as error:
            await homes.postpone(home, self._clock() + error.pause, busy=True)
        except UnsureError as error:
            log.warning("maybe published", detail=str(error), attempts=home.attempts)
            await homes.postpone(home, self._clock() + back_off(home.attempts))
        except RefusedError as error:
            log.warning("home refused", code=error.code)
            await homes.leave(home)
        else:
            await homes.shows(home, mark, digest, self._clock())
