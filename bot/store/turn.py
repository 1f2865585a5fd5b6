"""Whose turn it is to write: people go before loops, each kind in order of coming."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta


class Turn:
    """A lock with two lines: whoever waits for an ack is served before whoever does not."""

    def __init__(self) -> None:
        self._taken = False
        self._people: deque[asyncio.Future[None]] = deque()
        self._loops: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def taken(
        self, *, for_people: bool, within: timedelta | None = None
    ) -> AsyncIterator[None]:
        """Wait for the turn, and pass it on at the end; who has waited long enough goes without."""
        is_mine = await self._given(self._people if for_people else self._loops, within)
        try:
            yield
        finally:
            if is_mine:
                self._pass_on()

    async def _given(self, line: deque[asyncio.Future[None]], within: timedelta | None) -> bool:
        try:
            async with asyncio.timeout(within.total_seconds() if within else None):
                await self._take(line)
        except TimeoutError:
            return False
        return True

    async def _take(self, line: deque[asyncio.Future[None]]) -> None:
        if not self._taken:
            self._taken = True
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._pass_on()  # it was given the turn at the very moment it gave up
            else:
                line.remove(mine)
            raise

    def _pass_on(self) -> None:
        for line in (self._people, self._loops):
            while line:
                following = line.popleft()
                if not following.done():
                    following.set_result(None)
                    return
        self._taken = False
