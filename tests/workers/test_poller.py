from datetime import timedelta

import pytest

from bot.builds.job import JobState
from bot.builds.outcome import Expired, Failed, Ready, Refused, Unwatched
from bot.builds.request import BuildRequest
from bot.builds.transition import end
from bot.sandbox.faults import Answer, Call
from bot.store.moves import LEASE
from tests.workers.workers_room import PATIENCE, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LOOK = "jobs/*"
BOOM = Answer(500, b'{"error":"boom"}')


async def look(shop: Workshop) -> None:
    """Look when it is due."""
    due = (await shop.job()).due_at
    assert due is not None
    shop.clock.now = due
    await shop.do(shop.poller())


async def test_with_budget_to_spare_one_without_history_is_looked_at_all_the_time(
    shop: Workshop,
) -> None:
    await shop.running()
    gaps = []
    for age in (1, 30, 90, 1_000):
        started = (await shop.job()).started_at
        assert started is not None
        due = (await shop.job()).due_at
        assert due is not None
        shop.clock.now = max(due, started + timedelta(seconds=age))
        await shop.do(shop.poller())
        due = (await shop.job()).due_at
        assert due is not None
        gaps.append((due - shop.clock()).total_seconds())
    assert all(0.25 <= gap <= 0.7 for gap in gaps), gaps
    assert (await shop.job()).state is JobState.RUNNING


async def test_it_is_ready_with_its_link_and_the_time_that_playcanvas_says(
    shop: Workshop,
) -> None:
    await shop.running(BuildRequest("543988", ("Level 3",)))
    shop.clock.advance(30)
    await shop.do(shop.poller())
    job = await shop.job()
    assert isinstance(job.outcome, Ready)
    assert "/playcanvas/download/" in job.outcome.url
    assert job.took is not None
    assert timedelta(seconds=7) < job.took < timedelta(seconds=9)
    assert (job.state, job.due_at, job.ended_at) == (JobState.READY, None, shop.clock())
    assert await shop.wanted() == ["card", "reply"]


async def test_an_error_carries_every_word(shop: Workshop) -> None:
    await shop.running(BuildRequest("543988", ("Broken Shaders",)))
    shop.clock.advance(30)
    await shop.do(shop.poller())
    outcome = (await shop.job()).outcome
    assert isinstance(outcome, Failed)
    assert outcome.messages[0] == "Could not export"
    assert len(outcome.messages) == 2


@pytest.mark.parametrize(
    ("status", "ending"), [(401, Refused), (403, Refused), (404, Failed), (400, Failed)]
)
async def test_a_refusal_ends_it(shop: Workshop, status: int, ending: type) -> None:
    await shop.running()
    shop.house.playcanvas.faults.add(LOOK, act=Answer(status, b'{"error":"No"}'))
    await look(shop)
    job = await shop.job()
    assert job.state is JobState.FAILED
    assert isinstance(job.outcome, ending)


async def test_an_answer_without_a_status_is_not_running(shop: Workshop) -> None:
    """An error body has none; counting it as running would wait for ever."""
    await shop.running()
    shop.house.playcanvas.faults.add(LOOK, act=Answer(200, b'{"error":"Job is lost"}'))
    await look(shop)
    job = await shop.job()
    assert job.attempts == 1
    assert job.trouble is not None
    assert "unexpected" in job.trouble


async def test_one_good_look_makes_up_for_all_trouble(shop: Workshop) -> None:
    await shop.running()
    shop.house.playcanvas.faults.add(LOOK, times=3, act=BOOM)
    gaps = []
    for _ in range(3):
        await look(shop)
        due = (await shop.job()).due_at
        assert due is not None
        gaps.append((due - shop.clock()).total_seconds())
    assert gaps == [2, 4, 8]
    await look(shop)
    job = await shop.job()
    assert (job.state, job.attempts, job.trouble) == (JobState.RUNNING, 0, None)


@pytest.mark.parametrize("trouble", [None, BOOM])
async def test_at_its_deadline_it_expires(shop: Workshop, trouble: Answer | None) -> None:
    await shop.running()
    if trouble is not None:
        shop.house.playcanvas.faults.add(LOOK, times=None, act=trouble)
    shop.clock.advance(PATIENCE.total_seconds() - 0.5)
    await shop.do(shop.poller())
    assert (await shop.job()).state is JobState.RUNNING
    await look(shop)
    job = await shop.job()
    assert job.state is JobState.EXPIRED
    assert isinstance(job.outcome, Expired)
    assert (job.outcome.sentence is None) == (trouble is None)


async def test_one_that_ended_just_before_the_deadline_is_ready(shop: Workshop) -> None:
    await shop.running(BuildRequest("543988", ("Level 3",)))
    shop.clock.now += 2 * PATIENCE
    await shop.do(shop.poller())
    assert (await shop.job()).state is JobState.READY


async def test_a_person_who_stops_it_wins_over_the_look(shop: Workshop) -> None:
    await shop.running(BuildRequest("543988", ("Instant",)))

    async def stop() -> None:
        job = await shop.job()
        assert job.lease_owner == "poller"
        assert await shop.store.jobs.record(job, end(job, Unwatched("U1")), shop.clock())

    shop.house.playcanvas.faults.add(LOOK, act=Call(before=stop))
    await shop.do(shop.poller())
    assert (await shop.job()).state is JobState.UNWATCHED


async def test_a_dead_pollers_job_is_looked_at_when_its_lease_is_over(shop: Workshop) -> None:
    await shop.running()
    shop.clock.advance(30)
    claimed = await shop.store.jobs.claim(JobState.RUNNING, "dead", shop.clock())
    assert claimed is not None
    assert await shop.poller().step(shop.clock()) == shop.clock() + LEASE
    shop.clock.now += LEASE + timedelta(milliseconds=1)
    await shop.do(shop.poller())
    assert shop.asked[-1].startswith("GET 41")
