"""Away for more than a day: one summary for the channel, and the edited cards."""

from datetime import timedelta

import pytest

from bot.sandbox.faults import Answer, DropAnswer
from bot.sandbox.slack.demo import BUILDS
from bot.sandbox.slack.messages import Message
from tests.workers.workers_room import Workshop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POST = "chat.postMessage"
JSON = {"Content-Type": "application/json"}
HOUR, DAY = 3_600, 86_400
# Long enough to wait for more several times; of what runs, ages alone change later on.
A_WHILE = timedelta(seconds=9)


async def leave_running(shop: Workshop, many: int) -> None:
    """Start builds whose cards stand, then be away while they end."""
    for n in range(many):
        shop.clock.advance(60)  # a start is a permit of the strict kind
        await shop.running(key=f"trigger-{n}", anyway=True)
        await deliver(shop)


async def return_after(shop: Workshop, seconds: float) -> None:
    for job in shop.house.playcanvas.jobs.all.values():
        job.lasts = shop.clock() - job.created_at
    shop.clock.advance(seconds)


async def deliver(shop: Workshop) -> None:
    """Step whenever something is due, until nothing is for a while or it still waits for more."""
    notifier, until = shop.notifier(), shop.clock() + A_WHILE
    while (due := await shop.store.outbox.next_due()) and due < until:
        shop.clock.now = max(due, shop.clock())
        await notifier.step(shop.clock())


def said(shop: Workshop) -> tuple[list[Message], list[Message]]:
    """Return the cards, and everything else."""
    messages = list(shop.house.slack.workspace.channels[BUILDS].messages.values())
    cards = [each for each in messages if each.text.startswith("#")]
    return cards, [each for each in messages if each not in cards]


async def test_one_summary_waits_for_all_that_ended(shop: Workshop) -> None:
    await leave_running(shop, 3)
    await return_after(shop, DAY + HOUR)
    await shop.do(shop.poller())
    await deliver(shop)
    assert said(shop)[1] == [], "two that ended as well have not been looked at"
    for _ in range(2):
        await shop.do(shop.poller())
    shop.house.slack.faults.add(POST, act=DropAnswer())
    await deliver(shop)
    cards, [summary] = said(shop)
    assert all("ready in" in card.text for card in cards)
    assert summary.thread_ts is None
    assert "I was away until" in summary.text
    assert "3 builds" in summary.text
    assert [f"#{n} is ready" in summary.text for n in (1, 2, 3)] == [True] * 3
    # Its answer was lost: it is looked for in the channel, not posted again.
    assert shop.doubts == ["found"]
    assert await shop.wanted() == ["reply", "reply"], "told in the summary"
    assert await shop.store.outbox.next_due() is None


@on_sqlite
async def test_after_an_hour_each_reply_says_so_itself(shop: Workshop) -> None:
    await leave_running(shop, 2)
    await return_after(shop, HOUR)
    for _ in range(2):
        await shop.do(shop.poller())
    await deliver(shop)
    cards, replies = said(shop)
    assert {each.thread_ts for each in replies} == {card.ts for card in cards}
    assert all("(finished <!date^" in each.text for each in replies)
    assert all("I was away until <!date^" in each.text for each in replies)


@on_sqlite
async def test_one_alone_needs_no_summary(shop: Workshop) -> None:
    await leave_running(shop, 1)
    await return_after(shop, 2 * DAY)
    await shop.do(shop.poller())
    await deliver(shop)
    [card], [reply] = said(shop)
    assert reply.thread_ts == card.ts
    assert "{date_short_pretty}" in reply.text


@on_sqlite
async def test_a_summary_that_is_refused_leaves_each_to_itself(shop: Workshop) -> None:
    await leave_running(shop, 2)
    await return_after(shop, 2 * DAY)
    for _ in range(2):
        await shop.do(shop.poller())
    refused = Answer(200, b'{"ok":false,"error":"msg_too_long"}', JSON)
    shop.house.slack.faults.add(POST, act=refused)
    await deliver(shop)
    cards, replies = said(shop)
    assert {each.thread_ts for each in replies} == {card.ts for card in cards}
