"""The one loop behind every worker: it does all the waiting, the steps do none."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog

from bot.store.trouble import said

log = structlog.get_logger(__name__)

# Changes on this machine ring a bell; those of other machines are found by looking.
LONGEST_NAP = timedelta(seconds=1)
_SHORTEST_NAP = timedelta(milliseconds=5)
_LONGEST_PAUSE = timedelta(seconds=30)
_LONGEST_TROUBLE = timedelta(seconds=4)
_SHUTDOWN = timedelta(seconds=4)

Step = Callable[[datetime], Awaitable[datetime | None]]


def utc_now() -> datetime:
    """Read the clock, the only one there is."""
    return datetime.now(UTC)


class Bells:
    """Wakes the loops that wait for a topic, such as a job's new state."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, list[asyncio.Event]] = defaultdict(list)

    def of(self, topic: str) -> asyncio.Event:
        """Hang up a bell for a topic."""
        bell = asyncio.Event()
        self._bells[topic].append(bell)
        return bell

    def ring(self, topic: str) -> None:
        """Wake everyone who waits for a topic."""
        for bell in self._bells[topic]:
            bell.set()


class Loop:
    """Calls a step until it is told to stop; the step in hand is always finished."""

    def __init__(
        self, name: str, step: Step, bell: asyncio.Event, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.name = name
        self._step = step
        self._bell = bell
        self._clock = clock
        self._stopping = False
        self._failures = 0

    def stop(self) -> None:
        """Stop after the step in hand."""
        self._stopping = True
        self._bell.set()

    async def run(self) -> None:
        """Step, and wait until there is something to do."""
        while not self._stopping:
            self._bell.clear()
            until = await self._attempt()
            if until is not None and not self._stopping:
                await self._wait(until)

    async def _attempt(self) -> datetime | None:
        now = self._clock()
        try:
            until = await self._step(now)
        except Exception as error:  # noqa: BLE001 - whatever a step raises
            # A loop outlives every fault: what it held is free again when the lease runs out.
            await self._pause(error)
            return None
        self._failures = 0
        return until

    async def _pause(self, error: Exception) -> None:
        self._failures += 1
        pause = min(timedelta(seconds=2**self._failures), _LONGEST_PAUSE)
        if (trouble := said(error)) is not None:
            # It says all there is to say, and goes on soon after the trouble is over.
            pause = min(pause, _LONGEST_TROUBLE)
            log.error("database trouble", said=trouble, loop=self.name)
        else:
            log.error("step failed", loop=self.name, pause_s=pause.total_seconds(), exc_info=error)
        await asyncio.sleep(pause.total_seconds() if not self._stopping else 0)

    async def _wait(self, until: datetime) -> None:
        nap = min(max(until - self._clock(), _SHORTEST_NAP), LONGEST_NAP)
        try:
            async with asyncio.timeout(nap.total_seconds()):
                await self._bell.wait()
        except TimeoutError:
            return


@asynccontextmanager
async def looping(loops: list[Loop]) -> AsyncIterator[None]:
    """Run loops beside what is done meanwhile, and end them in order."""
    tasks = [asyncio.create_task(loop.run(), name=loop.name) for loop in loops]
    try:
        yield
    finally:
        for loop in loops:
            loop.stop()
        _, late = await asyncio.wait(tasks, timeout=_SHUTDOWN.total_seconds())
        # What a slow answer keeps from ending is healed by its lease.
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
