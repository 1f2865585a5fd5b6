import json

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from bot.sandbox.slack.installation import SCOPES, Installation
from tests.sandbox.slack.slack_stage import SECTION, Json, next_of

LONG_SECTION = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2_700}}
METADATA = {"event_type": "build", "event_payload": {"job": 142}}


async def refusal(call: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]
    return str(caught.value.response["error"])


async def history(client: AsyncWebClient, **more: object) -> list[Json]:
    answer = await client.conversations_history(channel=demo.BUILDS, **more)  # type: ignore[arg-type]
    messages: list[Json] = answer["messages"]
    return messages


async def test_a_post_is_seen_by_everyone_and_signed_by_the_bot(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    async with slack.watch(demo.ARTIST) as events:
        answer = await client.chat_postMessage(channel=demo.BUILDS, text="hi", blocks=[SECTION])
        event = await next_of(events, "message")
    assert event["channel"] == demo.BUILDS
    assert event["message"] == answer["message"]
    message = answer["message"]
    assert message["user"] == slack.workspace.bot.id
    assert message["bot_id"] == slack.workspace.bot_id
    assert message["ts"] == answer["ts"]
    assert message["blocks"][0]["text"] == SECTION["text"]
    assert message["blocks"][0]["block_id"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": demo.PRIVATE, "text": "x"}, "channel_not_found"),
        ({"channel": demo.ART, "text": "x"}, "not_in_channel"),
        ({"channel": demo.BUILDS}, "no_text"),
        ({"channel": demo.BUILDS, "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": demo.BUILDS, "blocks": json.dumps([LONG_SECTION] * 5)}, "msg_blocks_too_long"),
        ({"channel": demo.BUILDS, "blocks": "{}"}, "invalid_blocks_format"),
        ({"channel": demo.BUILDS, "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": demo.BUILDS, "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ({"channel": demo.BUILDS, "text": "x", "metadata": "[]"}, "invalid_metadata_format"),
        ({"channel": demo.BUILDS, "text": "x", "metadata": '{"a":1}'}, "invalid_metadata_schema"),
        ({"text": "x"}, "invalid_arguments"),
    ],
)
async def test_a_post_that_cannot_be_is_refused(
    slack: SlackSandbox, client: AsyncWebClient, arguments: Json, error: str
) -> None:
    slack.core.installation = Installation(scopes=SCOPES - {"chat:write.public"})
    assert await refusal(client.api_call("chat.postMessage", data=arguments)) == error
    assert not slack.workspace.channels[demo.BUILDS].messages


async def test_a_public_channel_takes_posts_with_the_scope_for_it(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel=demo.ART, text="hi")
    await client.chat_postMessage(channel="#art", text="hi")
    assert len(slack.workspace.channels[demo.ART].messages) == 2
    assert await refusal(client.conversations_history(channel=demo.ART)) == "not_in_channel"


async def test_an_archived_channel_takes_nothing(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=demo.BUILDS, text="hi")
    slack.workspace.channels[demo.BUILDS].is_archived = True
    assert await refusal(client.chat_postMessage(channel=demo.BUILDS, text="x")) == "is_archived"
    update = client.chat_update(channel=demo.BUILDS, ts=posted["ts"], text="x")
    assert await refusal(update) == "is_archived"


async def test_a_person_gets_a_direct_conversation(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    async with slack.watch(demo.ARTIST) as events, slack.watch(demo.TESTER) as others:
        first = await client.chat_postMessage(channel=demo.ARTIST, text="psst")
        second = await client.chat_postMessage(channel=demo.ARTIST, text="psst again")
        assert (await next_of(events, "channel"))["channel"]["id"] == first["channel"]
        assert (await next_of(events, "message"))["message"]["text"] == "psst"
        assert others.queue.empty()
    assert first["channel"].startswith("D")
    assert first["channel"] == second["channel"]


async def test_text_without_blocks_takes_the_blocks_away_and_leaves_the_metadata(
    client: AsyncWebClient,
) -> None:
    posted = await client.chat_postMessage(
        channel=demo.BUILDS, text="building", blocks=[SECTION], metadata=METADATA
    )
    await client.chat_update(channel=demo.BUILDS, ts=posted["ts"], text="ready")
    [message] = await history(client, include_all_metadata=True)
    assert message["text"] == "ready"
    assert "blocks" not in message
    assert message["metadata"] == METADATA
    assert message["edited"]["user"] == message["user"]


async def test_an_empty_list_takes_the_blocks_away(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=demo.BUILDS, text="a", blocks=[SECTION])
    await client.chat_update(channel=demo.BUILDS, ts=posted["ts"], text="b", blocks=[])
    assert "blocks" not in (await history(client))[0]


async def test_only_members_see_what_happens_in_a_private_channel(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    slack.workspace.channels[demo.PRIVATE].bot_in = True
    where: Json = {"channel": demo.PRIVATE}
    async with slack.watch(demo.ARTIST) as outside, slack.watch(demo.TESTER) as inside:
        posted = await client.chat_postMessage(**where, text="one")
        await client.chat_update(**where, ts=posted["ts"], text="two")
        await client.chat_delete(**where, ts=posted["ts"])
        seen = [(await anext(inside))["type"] for _ in range(3)]
        assert outside.queue.empty()
    assert seen == ["message", "message_changed", "message_deleted"]
    stranger = client.chat_postEphemeral(**where, user=demo.ARTIST, text="x")
    assert await refusal(stranger) == "user_not_in_channel"


async def test_new_metadata_replaces_the_old(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=demo.BUILDS, text="a", metadata=METADATA)
    other = {"event_type": "build", "event_payload": {"job": 143}}
    await client.chat_update(channel=demo.BUILDS, ts=posted["ts"], text="b", metadata=other)
    [message] = await history(client, include_all_metadata=True)
    assert message["metadata"] == other


@pytest.mark.parametrize("asked", [{}, {"include_all_metadata": False}])
async def test_metadata_is_only_for_those_who_ask(client: AsyncWebClient, asked: Json) -> None:
    await client.chat_postMessage(channel=demo.BUILDS, text="a", metadata=METADATA)
    [message] = await history(client, **asked)
    assert "metadata" not in message


async def test_an_edit_has_rules_of_its_own(slack: SlackSandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=demo.BUILDS, text="x" * 4_001)
    await slack.say(demo.ARTIST, demo.BUILDS, "mine")
    mine = slack.workspace.channels[demo.BUILDS].timeline()[-1].ts
    cases = {
        "msg_too_long": {"ts": posted["ts"], "text": "x" * 4_001},
        "no_text": {"ts": posted["ts"]},
        "message_not_found": {"ts": "1.000001", "text": "x"},
        "cant_update_message": {"ts": mine, "text": "x"},
    }
    for error, arguments in cases.items():
        call = client.api_call("chat.update", json={"channel": demo.BUILDS, **arguments})
        assert await refusal(call) == error
    delete = client.chat_delete(channel=demo.BUILDS, ts=mine)
    assert await refusal(delete) == "cant_delete_message"


async def test_a_reply_stays_in_its_thread_unless_it_is_broadcast(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    card = await client.chat_postMessage(channel=demo.BUILDS, text="card")
    quiet = {"channel": demo.BUILDS, "thread_ts": card["ts"]}
    async with slack.watch(demo.ARTIST) as events:
        await client.chat_postMessage(text="quiet", **quiet)
        parent = (await next_of(events, "message_changed"))["message"]
    assert (parent["ts"], parent["reply_count"]) == (card["ts"], 1)
    loud = await client.chat_postMessage(text="loud", reply_broadcast=True, **quiet)
    assert [m["text"] for m in await history(client)] == ["loud", "card"]
    assert loud["message"]["subtype"] == "thread_broadcast"
    thread = await client.conversations_replies(channel=demo.BUILDS, ts=card["ts"])
    assert [m["text"] for m in thread["messages"]] == ["card", "quiet", "loud"]
    assert thread["messages"][0]["reply_count"] == 2
    assert thread["messages"][1]["parent_user_id"] == slack.workspace.bot.id


async def test_a_reply_to_a_reply_goes_to_the_same_thread(client: AsyncWebClient) -> None:
    card = await client.chat_postMessage(channel=demo.BUILDS, text="card")
    one = await client.chat_postMessage(channel=demo.BUILDS, text="1", thread_ts=card["ts"])
    two = await client.chat_postMessage(channel=demo.BUILDS, text="2", thread_ts=one["ts"])
    assert two["message"]["thread_ts"] == card["ts"]


async def test_an_ephemeral_message_is_for_one_person_and_leaves_no_trace(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    async with slack.watch(demo.ARTIST) as hers, slack.watch(demo.TESTER) as his:
        answer = await client.chat_postEphemeral(
            channel=demo.BUILDS, user=demo.ARTIST, text="only you"
        )
        event = await next_of(hers, "ephemeral")
        assert his.queue.empty()
    assert event["message"]["ts"] == answer["message_ts"]
    assert event["message"]["is_ephemeral"] is True
    assert await history(client) == []
    update = client.chat_update(channel=demo.BUILDS, ts=answer["message_ts"], text="x")
    assert await refusal(update) == "message_not_found"
    stranger = client.chat_postEphemeral(channel=demo.BUILDS, user="U404", text="x")
    assert await refusal(stranger) == "user_not_in_channel"


async def test_a_deleted_parent_leaves_a_tombstone_only_while_it_has_replies(
    client: AsyncWebClient,
) -> None:
    card = await client.chat_postMessage(channel=demo.BUILDS, text="card")
    lone = await client.chat_postMessage(channel=demo.BUILDS, text="lone")
    await client.chat_postMessage(channel=demo.BUILDS, text="reply", thread_ts=card["ts"])
    await client.chat_delete(channel=demo.BUILDS, ts=lone["ts"])
    await client.chat_delete(channel=demo.BUILDS, ts=card["ts"])
    [left] = await history(client)
    assert (left["ts"], left["subtype"]) == (card["ts"], "tombstone")
    again = client.chat_update(channel=demo.BUILDS, ts=card["ts"], text="x")
    assert await refusal(again) == "message_not_found"


async def test_permalinks_and_reactions(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.core.installation = Installation(scopes=None)
    card = await client.chat_postMessage(channel=demo.BUILDS, text="card")
    link = await client.chat_getPermalink(channel=demo.BUILDS, message_ts=card["ts"])
    assert link["permalink"].endswith(f"{demo.BUILDS}/p{card['ts'].replace('.', '')}")
    react = {"channel": demo.BUILDS, "timestamp": card["ts"], "name": "tada"}
    await client.reactions_add(**react)
    assert (await history(client))[0]["reactions"][0]["name"] == "tada"
    assert await refusal(client.reactions_add(**react)) == "already_reacted"
