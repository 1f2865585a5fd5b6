import asyncio

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from bot.sandbox.slack.pace import Rate
from tests.sandbox.slack.slack_stage import Clock, raw_call


async def post(slack: SlackSandbox, channel: str = demo.BUILDS) -> tuple[int, str, str]:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    said = {"channel": channel, "text": "x"}
    status, answer, given = await raw_call(slack, "chat.postMessage", headers=headers, json=said)
    return status, answer.get("error", ""), given.get("Retry-After", "")


async def test_a_channel_takes_a_small_burst_and_then_one_post_a_second(
    timed: SlackSandbox, clock: Clock
) -> None:
    answers = [await post(timed) for _ in range(5)]
    assert [status for status, _, _ in answers] == [200] * 4 + [429]
    assert answers[-1] == (429, "ratelimited", "1")
    clock.forward(seconds=0.7)
    assert await post(timed) == (429, "ratelimited", "1")
    assert (await post(timed, demo.GENERAL))[0] == 200
    clock.forward(seconds=0.3)
    assert [(await post(timed))[0] for _ in range(2)] == [200, 429]
    assert len(timed.workspace.channels[demo.BUILDS].messages) == 5
    assert len([call for call in timed.books.calls if call.status == 429]) == 3


async def test_names_and_ids_of_a_channel_share_its_pace(timed: SlackSandbox) -> None:
    names = [demo.BUILDS, "#builds", "builds", demo.BUILDS, "#builds"]
    assert [(await post(timed, name))[0] for name in names] == [200] * 4 + [429]


async def test_a_method_has_so_many_calls_a_minute(
    timed_client: AsyncWebClient, clock: Clock
) -> None:
    for _ in range(20):
        await timed_client.users_list()
    with pytest.raises(SlackApiError) as caught:
        await timed_client.users_list()
    assert caught.value.response.headers["Retry-After"] == "3"
    await timed_client.users_info(user=demo.ARTIST)
    clock.forward(seconds=3)
    await timed_client.users_list()


async def test_a_refused_call_costs_nothing(timed: SlackSandbox, clock: Clock) -> None:
    timed.core.pace.posts = Rate(1)
    assert [(await post(timed))[0] for _ in range(4)] == [200, 429, 429, 429]
    clock.forward(minutes=1)
    assert (await post(timed))[0] == 200


async def test_limits_can_be_lifted(timed: SlackSandbox) -> None:
    timed.core.pace.lift()
    answers = await asyncio.gather(*(post(timed) for _ in range(60)))
    assert {status for status, _, _ in answers} == {200}
