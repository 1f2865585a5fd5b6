"""What is asked for twice happens once; what is stopped stays stopped."""

import asyncio
import copy
from dataclasses import replace

import pytest

from bot.builds.job import JobState
from bot.sandbox.faults import Freeze
from bot.sandbox.slack.books import Delivered
from bot.sandbox.slack.demo import PROGRAMMER, TESTER
from tests.flows.flows_stage import BOTH_WAYS, LEVEL_3, Stage

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)


@BOTH_WAYS
async def test_a_command_delivered_again_and_again_is_one_job(stage: Stage) -> None:
    await stage.say(LEVEL_3)
    slack = stage.sandbox.slack
    first = slack.books.deliveries[-1]
    replies = await asyncio.gather(*(slack.redeliver(first) for _ in range(3)))
    await stage.settled()
    replies.append(await slack.redeliver(first))
    assert await stage.count() == 1
    assert len(stage.submitted) == 1
    assert stage.posted() == 2
    again = "#1 is already on its way; nothing was started twice."
    assert [_text(reply.body) for reply in replies] == [again] * 4


@BOTH_WAYS
async def test_a_double_click_on_rebuild_is_one_build(stage: Stage) -> None:
    await stage.build()
    card = stage.one_card()
    await asyncio.gather(stage.press("rebuild", card, TESTER), stage.press("rebuild", card))
    await stage.settled()
    assert await stage.count() == 2
    again = await stage.job(2)
    assert (again.retry_of, again.state) == (1, JobState.READY)
    assert len(stage.cards()) == len(stage.replies()) == 2
    assert stage.replies()[1].text.startswith(f"<@{again.asker.user_id}> #2 ")
    told = stage.told(PROGRAMMER) + stage.told(TESTER)
    assert told.count("#2 is already on its way; nothing was started twice.") == 1


@SOCKET
async def test_a_retry_of_what_failed_builds_the_same_again_once(stage: Stage) -> None:
    await stage.build('/build 543988 "No Link" version=3')
    card = stage.one_card()
    await asyncio.gather(stage.press("retry", card, TESTER), stage.press("retry", card, TESTER))
    await stage.settled()
    assert await stage.count() == len(stage.submitted) == 2
    assert stage.told(TESTER).count("#2 is already on its way; nothing was started twice.") == 1
    first, second = await stage.job(1), await stage.job(2)
    assert second.request == first.request
    assert second.retry_of == 1
    assert stage.submitted[0].body == stage.submitted[1].body
    # Once that is over, there may be another.
    await stage.press("retry", stage.cards()[0])
    await stage.settled()
    assert await stage.count() == 3
    assert stage.failures() == []


@SOCKET
async def test_one_press_delivered_three_times_is_one_build(stage: Stage) -> None:
    await stage.build()
    await stage.press("rebuild", stage.one_card())
    pressed = stage.sandbox.slack.books.deliveries[-1]
    await stage.sandbox.slack.redeliver(pressed)
    await stage.settled()
    await stage.sandbox.slack.redeliver(pressed)
    await stage.settled()
    assert await stage.count() == 2
    assert len(stage.submitted) == 2
    assert len(stage.cards()) == len(stage.replies()) == 2


async def test_a_queued_build_is_cancelled_and_never_starts(stage: Stage) -> None:
    await stage.hold_starts()
    await stage.say(LEVEL_3)
    await stage.shows("queued, 1st in line")
    assert stage.buttons() == ["Cancel", "Details"]
    await stage.press("stop", stage.one_card(), TESTER)
    await stage.settled()
    assert (await stage.job()).state is JobState.CANCELLED
    assert "cancelled before it started" in stage.one_card().text
    assert f"was cancelled by <@{TESTER}>" in stage.one_reply().text
    assert stage.buttons() == ["Rebuild", "Details"]
    assert stage.submitted == []


async def test_a_running_build_is_watched_no_longer(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    await stage.press("stop", stage.one_card())
    await stage.settled()
    assert (await stage.job()).state is JobState.UNWATCHED
    assert "no longer watched" in stage.one_card().text
    assert "is no longer watched, as" in stage.one_reply().text
    looks = len(stage.asked("/jobs/"))
    await stage.build("/build 543988 Instant")
    assert len(stage.asked("/jobs/")) == looks + 1


@SOCKET
async def test_stopping_twice_at_once_tells_it_once(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    card = stage.one_card()
    await asyncio.gather(stage.press("stop", card), stage.press("stop", card, TESTER))
    await stage.settled()
    assert stage.one_reply()
    assert stage.posted() == 2
    assert stage.failures() == []


@SOCKET
async def test_a_build_that_is_being_handed_over_cannot_be_stopped_just_then(
    stage: Stage,
) -> None:
    frozen = stage.sandbox.playcanvas.faults.add("apps/download", act=Freeze())
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.SUBMITTING)
    await stage.shows("queued")
    await stage.press("stop", stage.one_card())
    assert "handed to PlayCanvas this very moment" in stage.told()[-1]
    frozen.release()
    await stage.reaches(JobState.RUNNING)


@SOCKET
async def test_a_press_on_stop_after_the_end_says_so(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    await stage.press("stop", stage.one_card())
    await stage.settled()
    await _press_again(stage, 1)
    assert stage.told()[-1] == "#1 is already over; its card shows how it ended."
    assert stage.posted() == 2


@SOCKET
async def test_a_button_of_no_build_of_ours_is_answered(stage: Stage) -> None:
    stage.sandbox.slack.core.hooks.uses = 10
    await stage.say("/build 543988 Endless")
    await stage.shows("building")
    await stage.press("stop", stage.one_card())
    await stage.settled()
    for value in ["77", "9" * 30, "-1", "²", "<!channel>", "", None]:
        before = len(stage.told())
        reply = await _press_again(stage, value)
        assert reply.error is None
        [told] = stage.told()[before:]
        assert told.startswith("I don’t know a build #")
        assert "<!" not in told


async def _press_again(stage: Stage, value: object) -> Delivered:
    """Deliver the last press on Stop once more, for another job."""
    slack = stage.sandbox.slack
    presses = [each for each in slack.books.deliveries if each.kind == "interactive"]
    last = next(e for e in reversed(presses) if e.payload["actions"][0]["action_id"] == "stop")
    payload = copy.deepcopy(last.payload)
    payload["actions"][0]["value"] = value if value is None else str(value)
    payload["trigger_id"] = f"press-{len(presses)}"  # another press, not the same once more
    await slack.redeliver(replace(last, payload=payload))
    await stage.whispered()
    return slack.books.deliveries[-1]


def _text(body: object) -> str:
    assert isinstance(body, dict)
    assert body["response_type"] == "ephemeral"
    return str(body["text"])
