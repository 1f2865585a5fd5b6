import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from tests.sandbox.slack.slack_stage import Json, bolt, next_of, over_socket


@asynccontextmanager
async def connection(
    slack: SlackSandbox, client: AsyncWebClient
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, autoping=False) as socket,
    ):
        yield socket


async def got(socket: aiohttp.ClientWebSocketResponse) -> Json:
    received: Json = await socket.receive_json(timeout=2)
    return received


async def test_a_connection_says_hello(slack: SlackSandbox, client: AsyncWebClient) -> None:
    async with connection(slack, client) as first, connection(slack, client) as second:
        hello = await got(first)
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": slack.workspace.app_id}
        assert (await got(second))["num_connections"] == 2


async def test_a_ticket_opens_one_connection(slack: SlackSandbox, client: AsyncWebClient) -> None:
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    assert url.startswith("ws://127.0.0.1:")
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            await got(socket)
        for used in (url, url.replace("ticket=", "ticket=x")):
            async with session.get(used.replace("ws:", "http:")) as answer:
                assert answer.status == 403


async def test_an_envelope_is_answered_with_its_id(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    async with connection(slack, client) as socket, slack.watch(demo.ARTIST) as events:
        await got(socket)
        saying = asyncio.create_task(slack.say(demo.ARTIST, demo.BUILDS, "/build x"))
        envelope = await got(socket)
        assert envelope["type"] == "slash_commands"
        assert envelope["accepts_response_payload"] is True
        assert envelope["payload"]["text"] == "x"
        await socket.send_str("no json")
        await socket.send_str("[]")
        await socket.send_json({"envelope_id": "of another", "payload": {"text": "wrong"}})
        await socket.send_json(
            {"envelope_id": envelope["envelope_id"], "payload": {"text": "right"}}
        )
        await saying
        assert (await next_of(events, "ephemeral", "notice"))["message"]["text"] == "right"


async def test_an_event_takes_no_answer_and_counts_its_retries(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    slack.core.courier.ack_within = timedelta(milliseconds=50)
    slack.core.courier.event_retries = (timedelta(),)
    async with connection(slack, client) as socket:
        await got(socket)
        await slack.say(demo.ARTIST, demo.BUILDS, "@builds hello")
        first, again = await got(socket), await got(socket)
        await socket.send_json({"envelope_id": again["envelope_id"]})
        await slack.core.courier.settled()
    assert first["type"] == "events_api"
    assert first["accepts_response_payload"] is False
    assert (first["retry_attempt"], again["retry_attempt"]) == (0, 1)
    assert first["payload"] == again["payload"]
    assert first["envelope_id"] != again["envelope_id"]
    assert [each.acked for each in slack.books.deliveries] == [False, True]


async def test_pings_go_both_ways(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.sockets.ping_every = 0.02
    async with connection(slack, client) as socket:
        await got(socket)
        assert (await socket.receive(timeout=2)).type is aiohttp.WSMsgType.PING
        await socket.ping(b"sdk-ping-pong:1.5")
        kinds = {}
        while aiohttp.WSMsgType.PONG not in kinds:
            message = await socket.receive(timeout=2)
            kinds[message.type] = message.data
    assert kinds[aiohttp.WSMsgType.PONG] == b"sdk-ping-pong:1.5"


async def test_every_payload_goes_to_one_connection(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    heard: list[int] = []

    def listener(number: int) -> object:
        app = bolt(client, slack)

        @app.command("/build")
        async def build(ack: AsyncAck) -> None:
            heard.append(number)
            await ack()

        return app

    async with over_socket(listener(1), slack), over_socket(listener(2), slack):  # type: ignore[arg-type]
        for _ in range(6):
            await slack.say(demo.ARTIST, demo.BUILDS, "/build x")
    assert sorted(heard) == [1, 1, 1, 2, 2, 2]


async def test_ten_connections_and_no_more(slack: SlackSandbox, client: AsyncWebClient) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
            sockets.append(await session.ws_connect(url))
        frames = [await got(socket) for socket in sockets]
        for socket in sockets:
            await socket.close()
    assert [frame["type"] for frame in frames] == ["hello"] * 10 + ["disconnect"]
    assert frames[-1]["reason"] == "too_many_websockets"


async def test_slack_warns_and_then_asks_to_come_back(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    slack.sockets.ping_every = 0.05
    async with connection(slack, client) as socket:
        await got(socket)
        await slack.sockets.warn()
        warning = await got(socket)
        await slack.sockets.refresh()
        refresh = await got(socket)
        assert slack.sockets.connections == 0
        await slack.say(demo.ARTIST, demo.BUILDS, "/build goes to nobody")
        assert slack.books.deliveries[-1].error == "dispatch_failed"
        kinds = [(await socket.receive(timeout=2)).type for _ in range(2)]
        assert aiohttp.WSMsgType.CLOSE in kinds
        assert aiohttp.WSMsgType.TEXT not in kinds
    assert (warning["type"], warning["reason"]) == ("disconnect", "warning")
    assert (refresh["type"], refresh["reason"]) == ("disconnect", "refresh_requested")


async def test_the_real_client_comes_back_after_each_kind_of_loss(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    app = bolt(client, slack)

    @app.command("/build")
    async def build(ack: AsyncAck) -> None:
        await ack()

    async def back() -> None:
        # The client may connect twice after a loss, and drop the first connection again.
        async with asyncio.timeout(5):
            await slack.sockets.connected()
            while not slack.books.deliveries or not slack.books.deliveries[-1].acked:
                await slack.say(demo.ARTIST, demo.BUILDS, "/build x")

    async with over_socket(app, slack):
        for lose in (slack.sockets.refresh, slack.sockets.close, slack.sockets.cut):
            opened = len(slack.books.of("apps.connections.open"))
            slack.books.deliveries.clear()
            await lose()
            await back()
            assert len(slack.books.of("apps.connections.open")) > opened


async def test_a_payload_is_lost_with_its_connection(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    async with connection(slack, client) as socket:
        await got(socket)
        saying = asyncio.create_task(slack.say(demo.ARTIST, demo.BUILDS, "/build x"))
        await got(socket)
        await slack.sockets.cut()
        await saying
    assert slack.books.deliveries[-1].error == "dispatch_failed"
    assert slack.sockets.connections == 0


async def test_a_connection_can_die_silently(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.core.courier.ack_within = timedelta(milliseconds=50)
    async with connection(slack, client) as socket:
        await got(socket)
        slack.sockets.silence()
        await socket.ping(b"anyone there?")
        await slack.say(demo.ARTIST, demo.BUILDS, "/build x")
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.05)
    assert slack.books.deliveries[-1].error == "operation_timeout"
