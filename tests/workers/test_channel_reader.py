from datetime import timedelta

import pytest

from bot.builds.job import Asker
from bot.sandbox.faults import Answer
from bot.sandbox.slack.demo import BUILDS, PRIVATE
from bot.store.new_job import NewJob
from bot.workers.channels import ChannelReader
from tests.workers.workers_room import LEVEL_3, PATIENCE, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
INFO = "conversations.info"
STRANGER = Asker("T1", "C0", "U0")


async def built_in(shop: Workshop, channel: str) -> int:
    """Have something built in a channel, and its card announced."""
    asker = Asker("T1", channel, "U1")
    added = await shop.store.jobs.add(NewJob(channel, LEVEL_3, asker, PATIENCE), shop.clock())
    await shop.do(shop.resolver())
    return added.id


async def look(shop: Workshop) -> None:
    await ChannelReader(shop.store, shop.poster()).step(shop.clock())


async def is_shown(shop: Workshop, job_id: int) -> bool:
    return await shop.store.history.find(job_id, STRANGER) is not None


@pytest.mark.parametrize(("channel", "shown"), [(BUILDS, True), (PRIVATE, False)])
async def test_what_slack_shows_to_all_the_bot_does(
    shop: Workshop, channel: str, *, shown: bool
) -> None:
    job_id = await built_in(shop, channel)
    assert not await is_shown(shop, job_id)
    await look(shop)
    assert await is_shown(shop, job_id) == shown
    # That is known for a while.
    due = await shop.store.channels.next_due()
    assert due is not None
    assert due >= shop.clock() + timedelta(minutes=30)


async def test_a_channel_that_becomes_private_is_noticed(shop: Workshop) -> None:
    job_id = await built_in(shop, BUILDS)
    await look(shop)
    shop.house.slack.workspace.channels[BUILDS].is_private = True
    shop.clock.advance(3_601)
    await look(shop)
    assert not await is_shown(shop, job_id)


@pytest.mark.parametrize(
    ("answer", "pause"),
    [(Answer(500), 60), (Answer(429, b"{}", {"Retry-After": "7"}), 7)],
)
async def test_without_an_answer_it_is_asked_again(
    shop: Workshop, answer: Answer, pause: int
) -> None:
    shop.house.slack.faults.add(INFO, act=answer)
    job_id = await built_in(shop, BUILDS)
    await look(shop)
    assert not await is_shown(shop, job_id)
    shop.clock.advance(pause)
    await look(shop)
    assert await is_shown(shop, job_id)
