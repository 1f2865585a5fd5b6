import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from bot.sandbox.slack.installation import Command, Installation
from tests.sandbox.slack.slack_stage import SECTION, Json, bolt, next_of, over_http, over_socket


@pytest.fixture(params=["socket", "http"])
async def app(
    request: pytest.FixtureRequest, slack: SlackSandbox, client: AsyncWebClient
) -> AsyncIterator[AsyncApp]:
    app = bolt(client, slack)
    ways: dict[str, Any] = {"socket": over_socket, "http": over_http}
    async with ways[request.param](app, slack):
        yield app


async def say(slack: SlackSandbox, text: str, *kinds: str, thread_ts: str | None = None) -> Json:
    """Say something as the artist and return the next event of these kinds that she is shown."""
    async with slack.watch(demo.ARTIST) as events:
        await slack.say(demo.ARTIST, demo.BUILDS, text, thread_ts)
        return await next_of(events, *kinds)


async def test_a_command_arrives_with_slacks_fields(slack: SlackSandbox, app: AsyncApp) -> None:
    arrived: list[Json] = []

    @app.command("/build")
    async def build(ack: AsyncAck, command: Json) -> None:
        arrived.append(command)
        await ack()

    await slack.say(demo.ARTIST, demo.BUILDS, '/build 543988 "Level 3" <a&b>')
    [command] = arrived
    assert command["text"] == '543988 "Level 3" <a&b>'
    assert command["command"] == "/build"
    assert command["user_id"] == demo.ARTIST
    assert (command["channel_id"], command["channel_name"]) == (demo.BUILDS, "builds")
    assert command["team_id"] == slack.workspace.team_id
    assert command["api_app_id"] == slack.workspace.app_id
    assert command["response_url"].startswith(f"{slack.url}/response/")
    assert command["trigger_id"].count(".") == 2
    assert "thread_ts" not in command
    assert slack.books.deliveries[-1].acked


async def test_an_ack_with_text_is_for_the_asker_alone(slack: SlackSandbox, app: AsyncApp) -> None:
    @app.command("/build")
    async def build(ack: AsyncAck) -> None:
        await ack("queued")

    async with slack.watch(demo.TESTER) as others:
        shown = await say(slack, "/build x", "ephemeral")
        assert others.queue.empty()
    assert shown["message"]["text"] == "queued"
    assert not slack.workspace.channels[demo.BUILDS].messages


async def test_an_ack_in_channel_is_for_all(slack: SlackSandbox, app: AsyncApp) -> None:
    @app.command("/build")
    async def build(ack: AsyncAck) -> None:
        await ack(text="queued", blocks=[SECTION], response_type="in_channel")

    shown = await say(slack, "/build x", "message")
    assert shown["message"]["blocks"][0]["text"] == SECTION["text"]
    [message] = slack.workspace.channels[demo.BUILDS].timeline()
    assert message.text == "queued"


async def test_an_ack_with_broken_blocks_fails_the_command(
    slack: SlackSandbox, app: AsyncApp
) -> None:
    @app.command("/build")
    async def build(ack: AsyncAck) -> None:
        await ack(text="queued", blocks=[{"type": "secton"}])

    shown = await say(slack, "/build x", "notice")
    assert shown["text"] == '/build failed with the error "invalid_command_response"'


async def test_an_ack_that_comes_too_late_fails_the_command(
    slack: SlackSandbox, app: AsyncApp
) -> None:
    slack.core.courier.ack_within = timedelta(milliseconds=50)
    let_go = asyncio.Event()

    @app.command("/build")
    async def build(ack: AsyncAck) -> None:
        await let_go.wait()
        await ack("too late")

    async with slack.watch(demo.ARTIST) as events:
        await slack.say(demo.ARTIST, demo.BUILDS, "/build x")
        shown = await next_of(events, "notice", "ephemeral")
        let_go.set()
        assert shown["text"] == '/build failed with the error "operation_timeout"'
        assert events.queue.empty()
    assert slack.books.deliveries[-1].error == "operation_timeout"


async def test_three_seconds_are_the_limit(slack: SlackSandbox) -> None:
    assert slack.core.courier.ack_within == timedelta(seconds=3)


async def test_without_an_app_the_command_fails_at_once(slack: SlackSandbox) -> None:
    for address in (None, "http://127.0.0.1:1/slack/events"):
        slack.deliver_to(address)
        shown = await say(slack, "/build x", "notice")
        assert shown["text"] == '/build failed with the error "dispatch_failed"'


async def test_an_http_error_fails_the_command(slack: SlackSandbox, client: AsyncWebClient) -> None:
    async with over_http(bolt(client, slack), slack):
        shown = await say(slack, "/build nobody listens", "notice")
    assert shown["text"] == '/build failed with the error "dispatch_failed"'


async def test_what_is_no_command_of_the_app_never_reaches_it(slack: SlackSandbox) -> None:
    shown = await say(slack, "/bild x", "notice")
    assert "`/bild` is not a valid command" in shown["text"]
    thread = await say(slack, "/build x", "notice", thread_ts="1.2")
    assert "not supported in threads" in thread["text"]
    assert slack.books.deliveries == []


async def test_escaping_turns_people_channels_and_urls_into_references(
    slack: SlackSandbox, app: AsyncApp
) -> None:
    slack.core.installation = Installation(commands=(Command("/build", should_escape=True),))
    texts: list[str] = []

    @app.command("/build")
    async def build(ack: AsyncAck, command: Json) -> None:
        texts.append(command["text"])
        await ack()

    typed = "a<b & @tomas in #general or #nowhere see https://playcanvas.com/x?a=1&b=#art me@tomas"
    await slack.say(demo.ARTIST, demo.BUILDS, f"/build {typed}")
    [text] = texts
    assert text == (
        f"a&lt;b &amp; <@{demo.PROGRAMMER}|tomas> in <#{demo.GENERAL}|general> or #nowhere"
        " see <https://playcanvas.com/x?a=1&amp;b=#art> me@tomas"
    )


async def test_inviting_the_bot_lets_it_in(slack: SlackSandbox) -> None:
    async with slack.watch(demo.TESTER) as events:
        slack.workspace.bot.real_name = "Build Bot"
        await slack.say(demo.ARTIST, demo.ART, "/invite @Build Bot")
        shown = await next_of(events, "channel")
    assert shown["channel"]["bot_in"] is True
    assert slack.workspace.channels[demo.ART].bot_in
    assert slack.workspace.channels[demo.ART].timeline()[-1].subtype == "channel_join"


async def test_a_mention_becomes_an_event(slack: SlackSandbox, app: AsyncApp) -> None:
    heard: asyncio.Queue[Json] = asyncio.Queue()

    @app.event("app_mention")
    async def mentioned(body: Json) -> None:
        heard.put_nowait(body)

    slack.workspace.bot.real_name = "Build Bot"
    await slack.say(demo.ARTIST, demo.BUILDS, "@Build Bot build <fruit>")
    parent = slack.workspace.channels[demo.BUILDS].timeline()[-1]
    await slack.say(demo.ARTIST, demo.BUILDS, "and @builds again", parent.ts)
    bodies = [await asyncio.wait_for(heard.get(), 2) for _ in range(2)]
    first, second = (body["event"] for body in bodies)
    assert first["text"] == f"<@{slack.workspace.bot.id}> build &lt;fruit&gt;"
    assert first["ts"] == parent.ts
    assert "thread_ts" not in first
    assert second["thread_ts"] == parent.ts
    assert len({body["event_id"] for body in bodies}) == 2
    await slack.core.courier.settled()
    assert [each.kind for each in slack.books.deliveries] == ["events_api"] * 2


async def test_a_mention_where_the_bot_is_not_is_told_to_the_person(slack: SlackSandbox) -> None:
    async with slack.watch(demo.ARTIST) as events:
        await slack.say(demo.ARTIST, demo.ART, "@builds build")
        shown = await next_of(events, "notice")
    assert "/invite @builds" in shown["text"]
    assert slack.books.deliveries == []


async def test_the_same_payload_can_come_again(slack: SlackSandbox, app: AsyncApp) -> None:
    triggers: list[str] = []

    @app.command("/build")
    async def build(ack: AsyncAck, command: Json) -> None:
        triggers.append(command["trigger_id"])
        await ack()

    await slack.say(demo.ARTIST, demo.BUILDS, "/build x")
    assert (await slack.redeliver()).acked
    assert len(triggers) == 2
    assert len(set(triggers)) == 1
