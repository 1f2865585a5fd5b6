import json

import aiohttp
import pytest

from bot.sandbox.slack import SlackSandbox, demo
from bot.sandbox.slack.payloads import response_url
from bot.sandbox.slack.response_urls import Hook
from tests.sandbox.slack.slack_stage import SECTION, Clock, Json, next_of


async def send(slack: SlackSandbox, hook: Hook, body: Json | str) -> tuple[int, str]:
    text = body if isinstance(body, str) else json.dumps(body)
    async with (
        aiohttp.ClientSession() as session,
        session.post(response_url(slack.core, hook), data=text) as answer,
    ):
        return answer.status, await answer.text()


@pytest.fixture
def hook(timed: SlackSandbox) -> Hook:
    """Be where the bot is not: a response_url works there too."""
    return timed.core.hooks.issue(demo.ARTIST, timed.workspace.channels[demo.ART])


async def test_five_answers_and_no_more(timed: SlackSandbox, hook: Hook) -> None:
    answers = [await send(timed, hook, {"text": "hi"}) for _ in range(6)]
    assert answers[:5] == [(200, "ok")] * 5
    assert answers[5][0] == 404
    assert json.loads(answers[5][1]) == {"ok": False, "error": "used_url"}
    assert [use.status for use in timed.books.responses] == [200] * 5 + [404]


async def test_thirty_minutes_and_no_longer(timed: SlackSandbox, hook: Hook, clock: Clock) -> None:
    clock.forward(minutes=30)
    assert (await send(timed, hook, {"text": "hi"}))[0] == 200
    clock.forward(seconds=1)
    status, text = await send(timed, hook, {"text": "hi"})
    assert (status, json.loads(text)["error"]) == (404, "expired_url")


async def test_an_answer_is_ephemeral_unless_it_says_otherwise(
    timed: SlackSandbox, hook: Hook
) -> None:
    async with timed.watch(demo.ARTIST) as hers, timed.watch(demo.TESTER) as his:
        await send(timed, hook, {"text": "psst"})
        assert (await next_of(hers, "ephemeral"))["message"]["text"] == "psst"
        assert his.queue.empty()
        await send(timed, hook, {"text": "all", "response_type": "in_channel"})
        assert (await next_of(his, "message"))["message"]["text"] == "all"
    assert [m.text for m in timed.workspace.channels[demo.ART].timeline()] == ["all"]


async def test_an_earlier_answer_can_be_replaced_and_deleted(
    timed: SlackSandbox, hook: Hook
) -> None:
    async with timed.watch(demo.ARTIST) as events:
        await send(timed, hook, {"text": "one", "blocks": [SECTION]})
        first = await next_of(events, "ephemeral")
        await send(timed, hook, {"text": "two", "replace_original": True})
        second = await next_of(events, "ephemeral_replaced")
        await send(timed, hook, {"delete_original": "true"})
        third = await next_of(events, "ephemeral_deleted")
    assert first["message"]["ts"] == second["ts"] == third["ts"]
    assert second["message"]["text"] == "two"
    assert "blocks" not in second["message"]
    assert timed.core.posting.ephemerals == {}


async def test_the_message_an_interaction_came_from_can_be_replaced(timed: SlackSandbox) -> None:
    channel = timed.workspace.channels[demo.BUILDS]
    card = timed.core.posting.post(channel, timed.workspace.bot.id, {"text": "card"})
    hook = timed.core.hooks.issue(demo.ARTIST, channel, card)
    await send(timed, hook, {"text": "beside"})
    await send(timed, hook, {"text": "instead", "replace_original": True})
    assert [m.text for m in channel.timeline()] == ["instead"]
    await send(timed, hook, {"delete_original": True})
    assert channel.timeline() == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("{", "invalid_payload"),
        ("[]", "invalid_payload"),
        ({}, "no_text"),
        ({"text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "x"}, "invalid_blocks_format"),
    ],
)
async def test_what_is_no_message_is_refused(
    timed: SlackSandbox, hook: Hook, body: Json | str, error: str
) -> None:
    status, text = await send(timed, hook, body)
    assert (status, json.loads(text)["error"]) == (400, error)


async def test_an_address_that_was_never_given_is_refused(timed: SlackSandbox, hook: Hook) -> None:
    hook.id = "made-up"
    assert (await send(timed, hook, {"text": "x"}))[0] == 404
