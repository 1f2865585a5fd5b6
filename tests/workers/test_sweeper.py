from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.builds.job import JobState
from bot.builds.transition import submit
from bot.store.moves import LEASE
from bot.store.tables import lanes
from bot.workers.sweeper import Sweeper
from tests.workers.workers_room import ENDLESS, PATIENCE, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BLINK = timedelta(milliseconds=1)


async def die_while_submitting(shop: Workshop) -> None:
    claimed = await shop.store.jobs.claim(JobState.QUEUED, "dead", shop.clock())
    assert claimed is not None
    transition = submit(claimed, shop.clock(), PATIENCE)
    assert await shop.store.jobs.record(claimed, transition, shop.clock())


async def test_it_looks_every_five_seconds(shop: Workshop) -> None:
    assert await Sweeper(shop.store).step(shop.clock()) == shop.clock() + timedelta(seconds=5)


async def test_what_a_dead_process_was_submitting_goes_back_when_its_lease_is_over(
    shop: Workshop,
) -> None:
    await shop.queued(ENDLESS)
    await die_while_submitting(shop)
    shop.clock.now += LEASE
    await Sweeper(shop.store).step(shop.clock())
    assert (await shop.job()).state is JobState.SUBMITTING
    shop.clock.now += BLINK
    await Sweeper(shop.store).step(shop.clock())
    job = await shop.job()
    assert (job.state, job.attempts, job.lease_owner) == (JobState.QUEUED, 1, None)
    await shop.do(shop.submitter())
    assert (await shop.job()).state is JobState.RUNNING


async def test_two_sweepers_put_it_back_once(shop: Workshop) -> None:
    await shop.queued(ENDLESS)
    await die_while_submitting(shop)
    shop.clock.now += LEASE + BLINK
    for _ in range(2):
        await Sweeper(shop.store).step(shop.clock())
    assert (await shop.job()).attempts == 1


async def test_crash_after_crash_still_ends_at_the_deadline(shop: Workshop) -> None:
    await shop.queued(ENDLESS)
    await die_while_submitting(shop)
    deadline = (await shop.job()).deadline_at
    for _ in range(3):
        shop.clock.now += LEASE + BLINK
        await Sweeper(shop.store).step(shop.clock())
        await die_while_submitting(shop)
    assert (await shop.job()).deadline_at == deadline


async def test_response_urls_are_kept_as_long_as_slack_takes_them(shop: Workshop) -> None:
    await shop.ask()
    shop.clock.advance(29 * 60)
    await Sweeper(shop.store).step(shop.clock())
    assert (await shop.job()).asker.response_url is not None
    shop.clock.advance(61)
    await Sweeper(shop.store).step(shop.clock())
    assert (await shop.job()).asker.response_url is None


async def test_lanes_that_are_long_open_are_forgotten(shop: Workshop) -> None:
    await shop.queued()
    await shop.do(shop.notifier())
    shop.clock.advance(3_590)
    await Sweeper(shop.store).step(shop.clock())
    assert await count_lanes(shop) == 1
    shop.clock.advance(20)
    await Sweeper(shop.store).step(shop.clock())
    assert await count_lanes(shop) == 0


async def count_lanes(shop: Workshop) -> int:
    return len(await shop.store.database.rows(select(lanes)))


async def test_a_clock_that_was_set_back_by_an_hour_stops_nothing(shop: Workshop) -> None:
    """An hour ahead a build was claimed and its card was being posted; then all that died."""
    shop.clock.advance(3600)
    await shop.queued(ENDLESS)
    assert await shop.store.jobs.claim(JobState.QUEUED, "dead", shop.clock())
    assert await shop.store.outbox.claim("dead", shop.clock())
    shop.clock.advance(-3600)
    sweeper = Sweeper(shop.store)
    await sweeper.step(shop.clock())
    for each in (shop.store.jobs.next_due(JobState.QUEUED), shop.store.outbox.next_due()):
        due = await each
        assert due is not None
        assert due <= shop.clock() + timedelta(seconds=60)
    shop.clock.advance(60)
    assert await shop.store.jobs.claim(JobState.QUEUED, "alive", shop.clock())
    card = await shop.store.outbox.claim("alive", shop.clock())
    assert card is not None
    # It may have got through, an hour before what that clock said: it is looked for.
    assert card.in_doubt_since is not None
    assert card.in_doubt_since <= shop.clock() - timedelta(hours=1)


async def test_what_is_due_soon_and_held_now_stays_so(shop: Workshop) -> None:
    await shop.queued(ENDLESS)
    await shop.store.jobs.claim(JobState.QUEUED, "alive", shop.clock())
    due = await shop.store.jobs.next_due(JobState.QUEUED)
    await Sweeper(shop.store).step(shop.clock())
    assert await shop.store.jobs.next_due(JobState.QUEUED) == due
