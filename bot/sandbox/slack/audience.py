"""The people who look on: what each of them is shown, the moment it happens."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from bot.sandbox.slack.wire import Json


class Events:
    """What one onlooker is shown, in order; iterating waits for the next."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Json] = asyncio.Queue()

    def __aiter__(self) -> "Events":
        return self

    async def __anext__(self) -> Json:
        return await self.queue.get()


class Audience:
    """Everyone who watches, each with what they have yet to see."""

    def __init__(self) -> None:
        self._onlookers: dict[str, list[Events]] = {}

    def tell(self, users: Iterable[str], event: Json) -> None:
        """Show an event to these people."""
        for user in users:
            for events in self._onlookers.get(user, ()):
                events.queue.put_nowait(event)

    @asynccontextmanager
    async def watch(self, user: str) -> AsyncIterator[Events]:
        """Look on as this person from now on."""
        events = Events()
        self._onlookers.setdefault(user, []).append(events)
        try:
            yield events
        finally:
            self._onlookers[user].remove(events)
