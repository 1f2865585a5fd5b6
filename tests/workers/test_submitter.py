from datetime import timedelta

import pytest

from bot.builds.job import Job, JobState
from bot.builds.outcome import Refused, Unreachable
from bot.builds.request import BuildRequest
from bot.sandbox.faults import Answer, Call, DropAnswer
from bot.sandbox.playcanvas.demo import FREE_PLAN
from bot.store.moves import LEASE
from bot.workers.sweeper import Sweeper
from tests.clock import NOON
from tests.workers.workers_room import ENDLESS, LEVEL_3, PATIENCE, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "apps/download"
BOOM = Answer(500, b'{"error":"boom"}')


async def test_the_intention_is_committed_before_the_request_goes_out(shop: Workshop) -> None:
    seen: list[Job] = []

    async def look() -> None:
        seen.append(await shop.job())

    shop.house.playcanvas.faults.add(START, act=Call(before=look))
    job = await shop.running()
    [before] = seen
    assert (before.state, before.lease_owner) == (JobState.SUBMITTING, "submitter")
    assert (job.state, job.lease_owner) == (JobState.RUNNING, None)
    assert job.remote_id in shop.house.playcanvas.jobs.all


async def test_a_running_build_is_looked_at_in_seconds_and_has_its_whole_patience(
    shop: Workshop,
) -> None:
    await shop.queued()
    shop.clock.advance(600)
    await shop.do(shop.submitter())
    job = await shop.job()
    assert job.started_at == shop.clock()
    assert job.due_at is not None
    assert timedelta(seconds=0.5) <= job.due_at - shop.clock() < timedelta(seconds=6)
    assert job.deadline_at == shop.clock() + PATIENCE


async def test_one_that_is_over_in_its_first_answer_is_looked_at_at_once(shop: Workshop) -> None:
    job = await shop.running(BuildRequest("543988", ("Instant",)))
    assert (job.state, job.due_at) == (JobState.RUNNING, shop.clock())


async def test_a_refusal_ends_it(shop: Workshop) -> None:
    job = await shop.running(BuildRequest(str(FREE_PLAN), ("Main",)))
    assert job.state is JobState.FAILED
    assert isinstance(job.outcome, Refused)
    assert "Invalid plan" in job.outcome.sentence
    assert job.due_at is None


async def test_trouble_puts_it_back_with_a_pause_and_its_reason(shop: Workshop) -> None:
    shop.house.playcanvas.faults.add(START, times=3, act=BOOM)
    await shop.queued()
    waits = []
    for _ in range(3):
        await shop.do(shop.submitter())
        job = await shop.job()
        assert job.due_at is not None
        assert job.trouble == "PlayCanvas is not available: it answers 500 “boom”."
        waits.append((job.due_at - shop.clock()).total_seconds())
        shop.clock.now = job.due_at + timedelta(seconds=10)
    assert waits == [2, 4, 8]
    await shop.do(shop.submitter())
    job = await shop.job()
    assert (job.state, job.attempts, job.trouble) == (JobState.RUNNING, 0, None)


async def test_a_429_is_waited_for_by_everyone_and_is_no_back_off(shop: Workshop) -> None:
    reset = int(shop.clock().timestamp()) + 40
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    shop.house.playcanvas.faults.add(START, act=Answer(429, b"", headers))
    await shop.queued()
    await shop.do(shop.submitter())
    job = await shop.job()
    assert (job.state, job.due_at) == (JobState.QUEUED, shop.clock())
    for each in (shop.submitter("one"), shop.submitter("two")):
        until = await each.step(shop.clock())
        assert until == NOON + timedelta(seconds=40)
    assert shop.asked.count("POST download") == 1


async def test_the_deadline_runs_from_the_first_attempt(shop: Workshop) -> None:
    shop.house.playcanvas.faults.add(START, times=None, act=DropAnswer())
    await shop.queued()
    shop.clock.advance(1_800)
    first = shop.clock()
    await shop.do(shop.submitter())
    assert (await shop.job()).deadline_at == first + PATIENCE
    shop.clock.now = first + PATIENCE
    await shop.do(shop.submitter())
    job = await shop.job()
    assert job.state is JobState.FAILED
    assert isinstance(job.outcome, Unreachable)
    assert "the connection broke" in job.outcome.sentence


async def test_who_comes_back_after_a_takeover_changes_nothing(shop: Workshop) -> None:
    """Too slow: the sweeper has put it back, and another has started it."""
    other = shop.submitter("other")

    async def overtake() -> None:
        shop.clock.now += LEASE + timedelta(seconds=1)
        await Sweeper(shop.store).step(shop.clock())
        await shop.do(other)

    shop.house.playcanvas.faults.add(START, act=Call(before=overtake))
    job = await shop.running(ENDLESS)
    followed, orphan = shop.house.playcanvas.jobs.all
    assert job.remote_id == followed
    assert orphan != followed
    assert job.state is JobState.RUNNING


async def test_who_asked_first_starts_first(shop: Workshop) -> None:
    await shop.ask(LEVEL_3)
    await shop.ask(ENDLESS, "trigger-2")
    for _ in range(2):
        await shop.do(shop.resolver())
    await shop.do(shop.submitter())
    states = [(await shop.job(n)).state for n in (1, 2)]
    assert states == [JobState.RUNNING, JobState.QUEUED]
