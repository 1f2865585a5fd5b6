from datetime import timedelta

import pytest

from bot.builds.job import JobState
from bot.builds.outcome import Cancelled, Unwatched
from bot.builds.transition import end
from bot.sandbox.faults import Answer, DropAnswer
from bot.sandbox.slack.demo import BUILDS
from bot.sandbox.slack.messages import Message
from bot.store.next_notice import LEASE
from tests.workers.workers_room import ENDLESS, LEVEL_3, Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POST, UPDATE, HISTORY = "chat.postMessage", "chat.update", "conversations.history"
JSON = {"Content-Type": "application/json"}
BUSY = Answer(429, b'{"ok":false,"error":"ratelimited"}', JSON | {"Retry-After": "30"})


def said(shop: Workshop) -> list[Message]:
    return list(shop.house.slack.workspace.channels[BUILDS].messages.values())


async def due_in(shop: Workshop) -> float:
    due = await shop.store.outbox.next_due()
    assert due is not None
    return (due - shop.clock()).total_seconds()


async def stop(shop: Workshop, job_id: int = 1) -> None:
    job = await shop.job(job_id)
    outcome = Unwatched("U1") if job.state is JobState.RUNNING else Cancelled("U1")
    assert await shop.store.jobs.record(job, end(job, outcome), shop.clock())


async def test_with_nothing_to_say_it_comes_back_much_later(shop: Workshop) -> None:
    until = await shop.notifier().step(shop.clock())
    assert until is not None
    assert until > shop.clock() + timedelta(minutes=1)


async def test_a_card_shows_the_job_as_it_is_now(shop: Workshop) -> None:
    await shop.running()
    await shop.do(shop.notifier())
    [card] = said(shop)
    assert "building" in card.text
    assert await shop.wanted() == []


async def test_a_card_then_a_reply_each_in_its_time(shop: Workshop) -> None:
    await shop.running()
    await shop.do(shop.notifier())
    await stop(shop)
    # The card's edit has another pace than the channel, which has just taken a post.
    await shop.do(shop.notifier())
    assert await due_in(shop) == 1
    assert await shop.notifier().step(shop.clock()) == shop.clock() + timedelta(seconds=1)
    shop.clock.advance(1)
    await shop.do(shop.notifier())
    card, reply = said(shop)
    assert "no longer watched" in card.text
    assert reply.thread_ts == card.ts


async def test_one_message_a_second_in_a_channel(shop: Workshop) -> None:
    for n, request in enumerate((LEVEL_3, ENDLESS)):
        await shop.queued(request, f"trigger-{n}")
    await shop.do(shop.notifier())
    assert await due_in(shop) == 1
    shop.clock.advance(1)
    await shop.do(shop.notifier())
    assert len(said(shop)) == 2


async def test_a_pause_that_slack_asks_for_is_kept(shop: Workshop) -> None:
    shop.house.slack.faults.add(POST, act=BUSY)
    await shop.queued()
    await shop.do(shop.notifier())
    assert await due_in(shop) == 30
    shop.clock.advance(30)
    await shop.do(shop.notifier())
    assert len(said(shop)) == 1
    # It was not taken, so there was no doubt.
    assert shop.doubts == []


async def test_what_was_taken_before_a_crash_is_adopted_and_brought_up_to_date(
    shop: Workshop,
) -> None:
    await shop.queued(ENDLESS)
    shop.house.slack.faults.add(POST, act=DropAnswer())
    await shop.do(shop.notifier("dying"))
    [card] = said(shop)
    assert "queued" in card.text
    await shop.do(shop.submitter())
    shop.clock.advance(4)
    for _ in ("look-up", "update"):
        await shop.do(shop.notifier())
    assert said(shop) == [card]
    assert "building" in card.text
    assert shop.doubts == ["found"]


async def test_a_dead_notifiers_post_is_looked_for_when_its_lease_is_over(
    shop: Workshop,
) -> None:
    await shop.queued()
    assert await shop.store.outbox.claim("dead", shop.clock()) is not None
    assert await shop.notifier().step(shop.clock()) == shop.clock() + LEASE
    shop.clock.now += LEASE + timedelta(milliseconds=1)
    for _ in ("look-up", "post"):
        await shop.do(shop.notifier())
    assert len(said(shop)) == 1
    assert shop.doubts == ["missing"]


async def test_every_lost_answer_makes_a_longer_pause(shop: Workshop) -> None:
    await shop.running()
    await shop.do(shop.notifier())
    await stop(shop)
    shop.house.slack.faults.add(UPDATE, times=None, act=Answer(500))
    pauses = []
    for _ in range(3):
        due = await shop.store.outbox.next_due()
        assert due is not None
        shop.clock.now = max(due, shop.clock())
        await shop.do(shop.notifier())
        if said(shop)[-1].is_reply:
            continue
        pauses.append(await due_in(shop))
    assert pauses == sorted(pauses)


@pytest.mark.parametrize(("away", "told"), [(110, False), (1_300, True)])
async def test_a_notice_that_comes_late_says_so(shop: Workshop, away: int, *, told: bool) -> None:
    await shop.running()
    await shop.do(shop.notifier())
    await stop(shop)
    shop.clock.advance(away)
    for _ in range(2):
        await shop.do(shop.notifier())
    reply = said(shop)[-1]
    assert reply.is_reply
    assert ("I was away until" in reply.text) == told


@pytest.mark.parametrize(("broadcast", "seen"), [("all", True), ("failures", False)])
async def test_a_setting_says_who_sees_the_reply(
    shop: Workshop, broadcast: str, *, seen: bool
) -> None:
    await shop.running()
    await shop.do(shop.notifier())
    await stop(shop)
    shop.clock.advance(5)
    for _ in range(2):
        await shop.do(shop.notifier(broadcast=broadcast))
    assert said(shop)[-1].is_broadcast == seen


@pytest.mark.parametrize(
    ("trouble", "patience"),
    [
        (Answer(200, b'{"ok":false,"error":"not_known_here"}', JSON), timedelta(minutes=10)),
        (Answer(200, b'{"ok":false,"error":"internal_error"}', JSON), timedelta(days=1)),
        (Answer(502), timedelta(days=1)),
        (BUSY, timedelta(days=1)),
    ],
)
async def test_a_card_that_slack_never_takes_has_an_end_and_the_asker_is_told(
    shop: Workshop, trouble: Answer, patience: timedelta
) -> None:
    shop.house.slack.faults.add(POST, times=None, act=trouble)
    shop.house.slack.faults.add(HISTORY, times=None, act=trouble)
    await shop.queued()
    began = shop.clock()
    await shop.do(shop.notifier())
    shop.clock.now = began + patience - timedelta(seconds=1)
    await shop.do(shop.notifier())
    assert shop.given_up == []
    shop.clock.advance(61)
    await shop.do(shop.notifier())
    assert (shop.given_up, await shop.wanted()) == (["card"], ["answer", "card"])
    shop.house.slack.faults.clear()
    await shop.do(shop.notifier())
    assert await shop.store.outbox.next_due() is None


async def test_a_reply_that_the_channel_never_takes_is_told_to_the_asker(shop: Workshop) -> None:
    await shop.running()
    await shop.do(shop.notifier())
    await stop(shop)
    await shop.do(shop.notifier())
    shop.clock.advance(1)
    trouble = Answer(200, b'{"ok":false,"error":"not_known_here"}', JSON)
    shop.house.slack.faults.add(POST, times=None, act=trouble)
    for _ in range(2):
        # Each is looked for, is not there, and is posted again.
        await shop.do(shop.notifier())
        shop.clock.advance(301)
        await shop.do(shop.notifier())
        shop.clock.advance(1)
        assert shop.given_up == []
    await shop.do(shop.notifier())
    assert shop.given_up == ["reply"]
    [told] = shop.house.slack.core.posting.ephemerals.values()
    assert "#1 is no longer watched" in told.text
    assert await shop.store.outbox.next_due() is None


async def test_after_half_an_hour_the_asker_gets_a_message_of_their_own(shop: Workshop) -> None:
    shop.house.slack.workspace.channels[BUILDS].is_archived = True
    await shop.running()
    shop.clock.advance(1_801)
    await shop.do(shop.notifier())
    await shop.do(shop.notifier())
    assert said(shop) == []
    directs = [each for each in shop.house.slack.workspace.channels.values() if each.is_im]
    [message] = directs[0].messages.values()
    assert "This channel is archived" in message.text
    assert shop.house.slack.books.responses == []
