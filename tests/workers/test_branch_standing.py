from datetime import timedelta

import pytest

from bot.builds.job import Changes, JobState
from bot.builds.request import BuildRequest
from bot.sandbox.faults import Answer
from bot.sandbox.playcanvas.world import Checkpoint
from tests.workers.workers_room import Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
INSTANT = BuildRequest("543988", ("Instant",))


def _commit(shop: Workshop, number: int) -> str:
    main = shop.house.playcanvas.world.project(543988).main
    made = Checkpoint(f"cp-{number}", f"Change {number}", shop.clock(), "Ana")
    main.checkpoints.insert(0, made)
    return made.id


async def _known(shop: Workshop, job_id: int) -> tuple[str | None, Changes | None]:
    resolved = (await shop.job(job_id)).resolved
    assert resolved is not None
    return resolved.checkpoint_id, resolved.changes


async def _ready(shop: Workshop) -> None:
    await shop.running(INSTANT)
    await shop.do(shop.poller())
    assert (await shop.job()).state is JobState.READY


async def test_what_is_committed_while_a_build_waits_is_in_it(shop: Workshop) -> None:
    _commit(shop, 1)
    await _ready(shop)
    _commit(shop, 2)
    await shop.queued(INSTANT, "trigger-2")
    shop.clock.advance(600)
    latest = _commit(shop, 3)
    await shop.do(shop.submitter())
    checkpoint_id, changes = await _known(shop, 2)
    assert checkpoint_id == latest
    assert changes is not None
    assert [change.line for change in changes.listed] == ["Change 3", "Change 2"]
    await shop.do(shop.poller())
    # The branch named is the branch that is built when none is.
    await shop.running(BuildRequest("543988", ("Instant",), branch="main"), "trigger-3")
    assert await _known(shop, 3) == (latest, None)


async def test_a_hundred_changes_are_counted(shop: Workshop) -> None:
    await _ready(shop)
    for number in range(107):
        _commit(shop, number)
    shop.clock.advance(600)
    await shop.running(INSTANT, "trigger-2")
    _, changes = await _known(shop, 2)
    assert changes is not None
    assert (len(changes.listed), changes.more, changes.uncounted) == (10, 97, False)


async def test_what_only_tells_the_changes_keeps_no_build_from_starting(shop: Workshop) -> None:
    """Checkpoints are for those who may see them; an export needs none."""
    await _ready(shop)
    latest = _commit(shop, 1)
    forbidden = Answer(403, b'{"error":"Forbidden"}')
    shop.house.playcanvas.faults.add("branches/*/checkpoints", times=None, act=forbidden)
    await shop.running(INSTANT, "trigger-2")
    assert (await shop.job(2)).state is JobState.RUNNING
    assert await _known(shop, 2) == (latest, None)


async def test_a_cool_down_of_looks_holds_up_no_start(shop: Workshop) -> None:
    await shop.queued(INSTANT)
    await shop.store.budget.cool("normal", shop.clock() + timedelta(seconds=30), shop.clock())
    await shop.do(shop.submitter())
    assert (await shop.job()).state is JobState.RUNNING
    assert "GET checkpoints" not in shop.asked
