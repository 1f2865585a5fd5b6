import asyncio
from datetime import datetime, timedelta

import pytest

from bot.workers import loop as loops
from bot.workers.loop import Bells, Loop, utc_now

HOUR = timedelta(hours=1)


class Steps:
    """A step that notes each call, and answers as it is told."""

    def __init__(self, *answers: timedelta | Exception | None) -> None:
        self.answers = list(answers)
        self.calls: list[datetime] = []
        self.called = asyncio.Event()

    async def __call__(self, now: datetime) -> datetime | None:
        self.calls.append(now)
        self.called.set()
        answer = self.answers.pop(0) if self.answers else HOUR
        if isinstance(answer, Exception):
            raise answer
        return None if answer is None else now + answer

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.calls) < count:
                self.called.clear()
                await self.called.wait()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "LONGEST_NAP", timedelta(milliseconds=20))
    monkeypatch.setattr(loops, "_LONGEST_PAUSE", timedelta(milliseconds=20))


async def run(loop: Loop, steps: Steps, count: int) -> None:
    """Run until so many steps were taken, then stop."""
    task = asyncio.create_task(loop.run())
    await steps.reach(count)
    loop.stop()
    await asyncio.wait_for(task, 5)


async def test_there_is_no_pause_while_there_is_something_to_do() -> None:
    steps = Steps(None, None, None, HOUR)
    loop = Loop("test", steps, asyncio.Event())
    await asyncio.wait_for(run(loop, steps, 4), 0.5)
    assert len(steps.calls) == 4


async def test_a_bell_wakes_it_at_once() -> None:
    steps, bells = Steps(), Bells()
    loop = Loop("test", steps, bells.of("queued"))
    task = asyncio.create_task(loop.run())
    await steps.reach(1)
    bells.ring("running")
    await asyncio.sleep(0)
    assert len(steps.calls) == 1
    began = utc_now()
    bells.ring("queued")
    await steps.reach(2)
    assert utc_now() - began < timedelta(seconds=0.5)
    loop.stop()
    await task


async def test_a_bell_that_rings_during_a_step_is_not_missed() -> None:
    bell = asyncio.Event()

    class Ringing(Steps):
        async def __call__(self, now: datetime) -> datetime | None:
            if not self.calls:
                bell.set()
            return await super().__call__(now)

    steps = Ringing()
    began = utc_now()
    await run(Loop("test", steps, bell), steps, 2)
    assert utc_now() - began < timedelta(seconds=0.5)


@pytest.mark.usefixtures("short")
async def test_it_looks_now_and_then_for_what_other_machines_did() -> None:
    steps = Steps()
    await run(Loop("test", steps, asyncio.Event()), steps, 4)


@pytest.mark.usefixtures("short")
async def test_it_outlives_every_fault() -> None:
    steps = Steps(RuntimeError("boom"), LookupError("gone"), None, HOUR)
    await run(Loop("test", steps, asyncio.Event()), steps, 4)


async def test_faults_in_a_row_make_longer_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    monkeypatch.setattr("bot.workers.loop.asyncio.sleep", sleep)
    boom = RuntimeError("boom")
    steps = Steps(*[boom] * 6, None, boom, HOUR)
    await run(Loop("test", steps, asyncio.Event()), steps, 9)
    assert slept == [2, 4, 8, 16, 30, 30, 2]


async def test_the_step_in_hand_is_finished_before_it_stops() -> None:
    going_on, finished = asyncio.Event(), []

    async def step(now: datetime) -> datetime:
        await going_on.wait()
        finished.append(now)
        return now + HOUR

    loop = Loop("test", step, asyncio.Event())
    task = asyncio.create_task(loop.run())
    await asyncio.sleep(0)
    loop.stop()
    await asyncio.sleep(0)
    assert not task.done()
    going_on.set()
    await asyncio.wait_for(task, 1)
    assert len(finished) == 1


async def test_it_can_be_cancelled_in_a_step() -> None:
    async def step(now: datetime) -> datetime:
        await asyncio.Event().wait()
        return now

    task = asyncio.create_task(Loop("test", step, asyncio.Event()).run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
