from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from tests.sandbox.slack.slack_stage import Json, actions, bolt, button, next_of, over_socket

OPTIONS = [
    {"text": {"type": "plain_text", "text": name}, "value": name[0]} for name in ("one", "two")
]
MENU = {"type": "static_select", "action_id": "pick", "options": OPTIONS}


async def card(client: AsyncWebClient, *elements: Json) -> str:
    blocks = [actions(*elements)]
    answer = await client.chat_postMessage(channel=demo.BUILDS, text="card", blocks=blocks)
    return str(answer["ts"])


async def test_a_button_tells_where_it_was_pressed(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    app = bolt(client, slack)
    bodies: list[Json] = []

    @app.action("stop")
    async def stop(ack: AsyncAck, body: Json, respond: Any) -> None:  # noqa: ANN401 - Bolt's own
        bodies.append(body)
        await ack()
        await respond(text="stopped", replace_original=True)

    ts = await card(client, button("stop"), MENU)
    async with over_socket(app, slack), slack.watch(demo.TESTER) as events:
        await slack.press(demo.ARTIST, ts, "stop")
        changed = await next_of(events, "message_changed")
    [body] = bodies
    assert body["user"]["id"] == demo.ARTIST
    assert body["channel"] == {"id": demo.BUILDS, "name": "builds"}
    assert body["container"]["message_ts"] == ts
    assert body["container"]["is_ephemeral"] is False
    assert body["message"]["text"] == "card"
    assert body["state"]["values"]["steering"]["pick"]["selected_option"] is None
    [action] = body["actions"]
    assert (action["type"], action["value"], action["block_id"]) == ("button", "142", "steering")
    assert changed["message"]["text"] == "stopped"
    assert "blocks" not in changed["message"]


async def test_a_menu_tells_what_was_chosen(slack: SlackSandbox, client: AsyncWebClient) -> None:
    app = bolt(client, slack)
    bodies: list[Json] = []

    @app.action("pick")
    async def pick(ack: AsyncAck, body: Json) -> None:
        bodies.append(body)
        await ack()

    ts = await card(client, MENU)
    async with over_socket(app, slack):
        for value in ("two", "t", {"selected_option": OPTIONS[1]}):
            await slack.press(demo.ARTIST, ts, "pick", value)
    for body in bodies:
        assert body["actions"][0]["selected_option"] == OPTIONS[1]
        assert body["state"]["values"]["steering"]["pick"]["selected_option"] == OPTIONS[1]
    assert len(bodies) == 3
    with pytest.raises(LookupError):
        await slack.press(demo.ARTIST, ts, "pick", "three")


async def test_an_ephemeral_message_is_not_sent_along_but_can_be_replaced(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    app = bolt(client, slack)
    bodies: list[Json] = []

    @app.action("stop")
    async def stop(ack: AsyncAck, body: Json, respond: Any) -> None:  # noqa: ANN401 - Bolt's own
        bodies.append(body)
        await ack()
        await respond(delete_original=True)

    whisper = await client.chat_postEphemeral(
        channel=demo.BUILDS, user=demo.ARTIST, text="stop?", blocks=[actions(button())]
    )
    ts = whisper["message_ts"]
    async with over_socket(app, slack), slack.watch(demo.ARTIST) as events:
        with pytest.raises(LookupError):
            await slack.press(demo.TESTER, ts, "stop")
        await slack.press(demo.ARTIST, ts, "stop")
        assert (await next_of(events, "ephemeral_deleted"))["ts"] == ts
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]


async def test_what_is_not_there_cannot_be_pressed(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    ts = await card(client, button("stop"))
    for where, action in ((ts, "go"), ("1.000001", "stop"), ("V404", "stop")):
        with pytest.raises(LookupError):
            await slack.press(demo.ARTIST, where, action)
    assert slack.books.deliveries == []


async def test_a_press_that_nobody_takes_is_told_to_the_person(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    ts = await card(client, button("stop"))
    async with slack.watch(demo.ARTIST) as events:
        await slack.press(demo.ARTIST, ts, "stop")
        assert "dispatch_failed" in (await next_of(events, "notice"))["text"]
