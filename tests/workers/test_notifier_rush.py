"""Sixty builds end at once in one channel: Slack's pace, in order, and nobody else waits."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from bot.builds.job import Asker, JobState
from bot.builds.outcome import Ready
from bot.builds.request import BuildRequest
from bot.builds.transition import NoticeKind
from bot.sandbox.faults import Answer
from bot.sandbox.slack.demo import BUILDS, GENERAL, PROGRAMMER
from bot.sandbox.slack.messages import Message
from bot.store.codec import dump_outcome
from bot.store.new_job import NewJob
from bot.store.tables import jobs
from bot.store.wanted import want
from tests.workers.workers_room import PATIENCE, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MANY = 60
JSON = {"Content-Type": "application/json"}
BUSY = Answer(429, b'{"ok":false,"error":"ratelimited"}', JSON | {"Retry-After": "3"})


async def end_at_once(shop: Workshop, *channels: str) -> None:
    """Let builds be over whose cards were never posted, as after a night without Slack."""
    request, now = BuildRequest("543988", ("Level 3",)), shop.clock()
    new = [
        NewJob(f"trigger-{n}", request, Asker("T1", each, PROGRAMMER), PATIENCE, anyway=True)
        for n, each in enumerate(channels)
    ]
    ids = [added.id for added in await asyncio.gather(*(shop.store.jobs.add(n, now) for n in new))]
    over = {"state": JobState.READY, "due_at": None, "started_at": now, "finished_at": now}
    told = {"outcome": dump_outcome(Ready("https://x.example/z")), "ended_at": now}
    await shop.store.database.carry_out(update(jobs).values(over | told))
    ended = [await shop.job(job_id) for job_id in ids]

    def both(connection: Connection) -> None:
        for job in ended:
            want(connection, job, NoticeKind.CARD, now)
            want(connection, job, NoticeKind.REPLY, now)

    await shop.store.database.at_once(both, for_people=False)


def said(shop: Workshop, channel: str) -> list[Message]:
    return list(shop.house.slack.workspace.channels[channel].messages.values())


def numbers(messages: list[Message]) -> list[int]:
    return [int(each.text.partition("#")[2].split()[0]) for each in messages]


async def deliver_all(shop: Workshop) -> None:
    """Step whenever something is due."""
    notifier = shop.notifier()
    while due := await shop.store.outbox.next_due():
        shop.clock.now = max(shop.clock.now, due)
        await notifier.step(shop.clock())


async def test_a_rush_in_one_channel(shop: Workshop) -> None:
    await end_at_once(shop, *[BUILDS] * MANY, GENERAL)
    rule = shop.house.slack.faults.add("chat.postMessage", act=BUSY)
    began = shop.clock()
    await deliver_all(shop)
    cards = [each for each in said(shop, BUILDS) if not each.is_reply]
    replies = [each for each in said(shop, BUILDS) if each.is_reply]
    assert rule.hits == 1
    assert numbers(cards) == list(range(1, MANY + 1)), "who is told to wait keeps their place"
    assert numbers(replies) == list(range(1, MANY + 1))
    # No refusal of Slack's own: the pace is the bot's.
    assert shop.house.slack.books.refused("ratelimited") == []
    assert shop.clock() - began < timedelta(seconds=2 * MANY + 10)
    [*_, last] = said(shop, GENERAL)
    assert float(last.ts) - began.timestamp() < 5, "another channel does not wait"
