from datetime import timedelta

import pytest

from bot.builds.job import JobState
from bot.builds.options import BuildOptions
from bot.builds.outcome import Rejected
from bot.builds.request import BuildRequest
from bot.sandbox.faults import Answer, Call
from bot.sandbox.playcanvas.demo import ODD_NAMES
from bot.store.moves import LEASE
from tests.workers.workers_room import ENDLESS, LEVEL_3, PATIENCE, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BOOM = Answer(500, b'{"error":"boom"}')


async def test_with_nothing_to_do_it_comes_back_much_later(shop: Workshop) -> None:
    until = await shop.resolver().step(shop.clock())
    assert until is not None
    assert until > shop.clock() + timedelta(minutes=1)


async def test_names_become_ids_and_the_job_stands_in_line(shop: Workshop) -> None:
    job = await shop.queued(BuildRequest("543988", ("LEVEL 3", "470001"), branch="dev"))
    assert job.state is JobState.QUEUED
    assert job.resolved is not None
    assert [(each.id, each.name) for each in job.resolved.scenes] == [
        ("470004", "Level 3"),
        ("470001", "Main Menu"),
    ]
    assert job.resolved.branch is not None
    assert job.resolved.branch.name == "dev"
    assert (job.due_at, job.lease_owner) == (shop.clock(), None)
    assert await shop.wanted() == ["card"]


async def test_nothing_is_claimed_before_there_is_a_permit(shop: Workshop) -> None:
    job = await shop.ask()
    reset = shop.clock() + timedelta(seconds=20)
    await shop.store.budget.cool("normal", reset, shop.clock())
    assert await shop.resolver().step(shop.clock()) == reset
    assert await shop.leased_until(job.id) is None
    assert shop.asked == []


async def test_a_wrong_name_is_an_answer_and_no_card(shop: Workshop) -> None:
    job = await shop.queued(BuildRequest("543988", ("Levle 3",)))
    assert job.state is JobState.REJECTED
    assert isinstance(job.outcome, Rejected)
    assert '/build 543988 "Level 3"' in job.outcome.suggestions
    assert await shop.wanted() == ["answer"]


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (BuildRequest("543988", ("Level",)), "fits more than one scene"),
        (BuildRequest("543988", ("Level 3", "470004")), "mean the same scene"),
        (BuildRequest("543988", ("Level 3",), branch="old"), "There is no branch “old”"),
        (BuildRequest(str(ODD_NAMES), ("ARENA",)), "fits more than one scene"),
        (BuildRequest("1", ("Level 3",)), "Project not found"),
    ],
)
async def test_it_never_guesses(shop: Workshop, request_: BuildRequest, problem: str) -> None:
    job = await shop.queued(request_)
    assert isinstance(job.outcome, Rejected)
    assert problem in job.outcome.problem


async def test_many_that_fit_and_a_long_line_are_offered_briefly(shop: Workshop) -> None:
    options = BuildOptions(notes="n" * 10_000)
    job = await shop.queued(BuildRequest(str(ODD_NAMES), ("Arena",), "topic", options))
    assert isinstance(job.outcome, Rejected)
    assert job.outcome.suggestions == tuple(f"topic/{n:02}" for n in range(10))
    assert job.outcome.more == 34
    job = await shop.queued(BuildRequest("543988", ("x" * 999,)), "trigger-2")
    assert isinstance(job.outcome, Rejected)
    assert len(job.outcome.problem) < 100


async def test_trouble_is_tried_again_later_and_later(shop: Workshop) -> None:
    shop.house.playcanvas.faults.add("projects/*/scenes", times=None, act=BOOM)
    job = await shop.ask()
    waits = []
    for _ in range(7):
        await shop.do(shop.resolver())
        job = await shop.job(job.id)
        assert job.due_at is not None
        waits.append((job.due_at - shop.clock()).total_seconds())
        shop.clock.now = job.due_at
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    assert (job.state, job.attempts) == (JobState.ACCEPTED, 7)
    shop.house.playcanvas.faults.clear()
    await shop.do(shop.resolver())
    assert (await shop.job(job.id)).state is JobState.QUEUED


async def test_branches_that_cannot_be_listed_keep_only_those_waiting_who_named_one(
    shop: Workshop,
) -> None:
    shop.house.playcanvas.faults.add("projects/*/branches", times=None, act=BOOM)
    job = await shop.ask()
    named = await shop.ask(BuildRequest("543988", ("Level 3",), branch="dev"), "trigger-2")
    for _ in range(3):
        for _ in range(2):
            await shop.resolver().step(shop.clock())
        shop.clock.advance(60)
    assert (await shop.job(job.id)).state is JobState.QUEUED
    assert (await shop.job(named.id)).state is JobState.ACCEPTED


async def test_after_its_deadline_it_says_what_was_in_the_way(shop: Workshop) -> None:
    shop.house.playcanvas.faults.add("projects/*/scenes", times=None, act=BOOM)
    job = await shop.ask()
    shop.clock.now += PATIENCE
    await shop.do(shop.resolver())
    outcome = (await shop.job(job.id)).outcome
    assert isinstance(outcome, Rejected)
    assert "could not be asked" in outcome.problem
    assert "it answers 500 “boom”" in outcome.problem


async def test_an_answer_after_a_takeover_is_dropped(shop: Workshop) -> None:
    slow, fast = shop.resolver("slow"), shop.resolver("fast")

    async def overtake() -> None:
        shop.clock.now += LEASE + timedelta(seconds=1)
        await shop.do(fast)

    shop.house.playcanvas.faults.add("projects/*/scenes", act=Call(before=overtake))
    job = await shop.ask()
    await shop.do(slow)
    after = await shop.job(job.id)
    assert after.state is JobState.QUEUED
    # Accepted, claimed twice, moved once.
    assert after.version == 3
    assert await shop.wanted() == ["card"]


async def test_one_that_is_not_due_waits_its_turn(shop: Workshop) -> None:
    shop.house.playcanvas.faults.add("projects/*/scenes", times=2, act=BOOM)
    first = await shop.ask(LEVEL_3)
    await shop.do(shop.resolver())
    second = await shop.ask(ENDLESS, "trigger-2")
    await shop.do(shop.resolver())
    assert (await shop.job(first.id)).state is JobState.ACCEPTED
    assert (await shop.job(second.id)).state is JobState.QUEUED


def _pages(shop: Workshop) -> int:
    """Count the pages of branches that were asked for, and begin anew."""
    books = shop.house.playcanvas.books
    pages = sum(each.path.endswith("/branches") for each in books)
    books.clear()
    return pages


async def test_many_branches_are_looked_through_once_an_hour(shop: Workshop) -> None:
    odd = str(ODD_NAMES)
    await shop.queued(BuildRequest(odd, ("42",), "topic/01"), "1")
    all_pages = _pages(shop)
    assert all_pages > 1
    main = await shop.queued(BuildRequest(odd, ("42",)), "2")
    assert main.resolved is not None
    assert main.resolved.branch_id == shop.house.playcanvas.world.project(ODD_NAMES).main.id
    assert _pages(shop) == 0
    assert (await shop.queued(BuildRequest(odd, ("42",), "Main"), "5")).resolved
    assert _pages(shop) == 0
    named = await shop.queued(BuildRequest(odd, ("42",), "TOPIC/02"), "3")
    assert named.resolved is not None
    assert named.resolved.branch is not None
    assert named.resolved.branch.name == "topic/02"
    assert _pages(shop) == 1
    shop.clock.advance(3_601)
    await shop.queued(BuildRequest(odd, ("480001",)), "4")
    assert _pages(shop) == all_pages


async def test_a_branch_that_is_remembered_is_looked_up_all_the_same(shop: Workshop) -> None:
    odd = str(ODD_NAMES)
    await shop.queued(BuildRequest(odd, ("42",)), "1")
    branches = shop.house.playcanvas.world.project(ODD_NAMES).branches
    old = next(each for each in branches if each.name == "topic/01")
    other = next(each for each in branches if each.name == "topic/02")
    old.name, other.name = "gone", "topic/01"
    job = await shop.queued(BuildRequest(odd, ("42",), "topic/01"), "2")
    assert job.resolved is not None
    assert job.resolved.branch_id == other.id
    other.closed = True
    job = await shop.queued(BuildRequest(odd, ("480001",), "topic/01"), "3")
    assert job.state is JobState.REJECTED
