import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from tests.sandbox.slack.slack_stage import Json


async def posted(client: AsyncWebClient, count: int, **more: object) -> list[str]:
    answers = [
        await client.chat_postMessage(channel=demo.BUILDS, text=str(n), **more)  # type: ignore[arg-type]
        for n in range(count)
    ]
    return [answer["ts"] for answer in answers]


async def texts(client: AsyncWebClient, **more: object) -> list[str]:
    answer = await client.conversations_history(channel=demo.BUILDS, **more)  # type: ignore[arg-type]
    return [message["text"] for message in answer["messages"]]


async def test_history_is_newest_first_within_its_range(client: AsyncWebClient) -> None:
    stamps = await posted(client, 5)
    assert await texts(client) == ["4", "3", "2", "1", "0"]
    assert await texts(client, oldest=stamps[1]) == ["4", "3", "2"]
    assert await texts(client, oldest=stamps[1], inclusive=True) == ["4", "3", "2", "1"]
    assert await texts(client, oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert await texts(client, latest=stamps[1], inclusive=True) == ["1", "0"]


async def test_history_comes_in_pages_that_meet(client: AsyncWebClient) -> None:
    await posted(client, 5)
    seen: list[str] = []
    cursor, more = "", True
    while more:
        page = await client.conversations_history(channel=demo.BUILDS, limit=2, cursor=cursor)
        seen += [message["text"] for message in page["messages"]]
        more = page["has_more"]
        cursor = page["response_metadata"]["next_cursor"] if more else ""
    assert seen == ["4", "3", "2", "1", "0"]


async def test_a_page_goes_on_where_it_stopped_when_something_new_is_said(
    client: AsyncWebClient,
) -> None:
    await posted(client, 3)
    first = await client.conversations_history(channel=demo.BUILDS, limit=2)
    await client.chat_postMessage(channel=demo.BUILDS, text="new")
    cursor = first["response_metadata"]["next_cursor"]
    assert await texts(client, cursor=cursor) == ["0"]


async def test_replies_come_in_pages_with_the_parent_first(client: AsyncWebClient) -> None:
    [card] = await posted(client, 1)
    replies = await posted(client, 3, thread_ts=card)
    where: Json = {"channel": demo.BUILDS, "ts": card}
    first = await client.conversations_replies(**where, limit=2)
    assert [m["ts"] for m in first["messages"]] == [card, replies[0]]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_replies(**where, cursor=cursor)
    assert [m["ts"] for m in second["messages"]] == replies[1:]
    ranged = await client.conversations_replies(**where, oldest=replies[1])
    assert [m["ts"] for m in ranged["messages"]] == [card, replies[2]]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"cursor": "garbage"}, "invalid_cursor"),
        ({"limit": 0}, "invalid_limit"),
        ({"channel": demo.PRIVATE}, "channel_not_found"),
        ({"channel": demo.ART}, "not_in_channel"),
    ],
)
async def test_what_cannot_be_read_is_named(
    client: AsyncWebClient, arguments: Json, error: str
) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_history(**{"channel": demo.BUILDS, **arguments})
    assert caught.value.response["error"] == error


async def test_channels_are_listed_as_the_bot_sees_them(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    listed = await client.conversations_list(types="public_channel,private_channel", limit=2)
    assert len(listed["channels"]) == 2
    cursor = listed["response_metadata"]["next_cursor"]
    rest = await client.conversations_list(types="public_channel,private_channel", cursor=cursor)
    names = [channel["name"] for channel in [*listed["channels"], *rest["channels"]]]
    assert names == ["builds", "general", "art"]
    slack.workspace.channels[demo.PRIVATE].bot_in = True
    info = await client.conversations_info(channel=demo.PRIVATE)
    assert info["channel"]["is_private"] is True
    members = await client.conversations_members(channel=demo.PRIVATE)
    assert slack.workspace.bot.id in members["members"]


async def test_people_are_listed_and_described(slack: SlackSandbox, client: AsyncWebClient) -> None:
    listed = await client.users_list()
    assert len(listed["members"]) == 5
    info = await client.users_info(user=demo.PRODUCER)
    assert info["user"]["real_name"] == slack.workspace.users[demo.PRODUCER].real_name
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user="U404")
