"""The courier: brings payloads to the app by the way that is set, and keeps the books of it."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from bot.sandbox.slack.books import Books, Delivered
from bot.sandbox.slack.delivery import EVENT, TOO_LATE, Carrier, Parcel, Reply
from bot.sandbox.slack.wire import Clock, Json


@dataclass(slots=True)
class Courier:
    """One way to the app at a time: sockets until an HTTP address is set."""

    carrier: Carrier
    books: Books
    clock: Clock
    ack_within: timedelta = timedelta(seconds=3)
    # "retried immediately, after 1 minute and after 5 minutes": docs.slack.dev/apis/events-api/
    event_retries: tuple[timedelta, ...] = (
        timedelta(),
        timedelta(minutes=1),
        timedelta(minutes=5),
    )
    _events: set[asyncio.Task[None]] = field(default_factory=set)

    async def deliver(self, parcel: Parcel) -> Reply:
        """Bring it once, and give up on the ack when Slack would."""
        started = self.clock()
        before = asyncio.get_running_loop().time()
        within = self.ack_within.total_seconds()
        try:
            reply = await asyncio.wait_for(self.carrier.carry(parcel), within)
        except TimeoutError:
            reply = TOO_LATE
        took = timedelta(seconds=asyncio.get_running_loop().time() - before)
        entry = Delivered(started, parcel.kind, parcel.payload, took, reply.error, reply.body)
        self.books.deliveries.append(entry)
        return reply

    def publish(self, payload: Json) -> None:
        """Bring an event, in the background, again and again until it is acked or too old."""
        task = asyncio.create_task(self._insist(payload), name=f"event {payload['event_id']}")
        self._events.add(task)
        task.add_done_callback(self._events.discard)

    async def _insist(self, payload: Json) -> None:
        reply = await self.deliver(Parcel(EVENT, payload, accepts_answer=False))
        for retry, pause in enumerate(self.event_retries, start=1):
            if reply.acked or reply.headers.get("X-Slack-No-Retry") == "1":
                return
            await asyncio.sleep(pause.total_seconds())
            parcel = Parcel(
                EVENT, payload, accepts_answer=False, retry=retry, retry_reason=reply.reason
            )
            reply = await self.deliver(parcel)

    async def settled(self) -> None:
        """Wait until no event is on its way or to be retried."""
        while self._events:
            await asyncio.wait(self._events)

    async def close(self) -> None:
        """Drop the events that are still to be retried."""
        for task in self._events:
            task.cancel()
        await asyncio.gather(*self._events, return_exceptions=True)
