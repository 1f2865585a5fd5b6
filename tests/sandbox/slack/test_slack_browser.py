from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox, demo
from bot.sandbox.slack.installation import Installation, Shortcut
from tests.sandbox.slack.slack_stage import Json, actions, bolt, button, over_socket


class Page:
    """A browser's half of the protocol, without the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def send(self, kind: str, **frame: object) -> None:
        await self._socket.send_json({"type": kind, **frame})

    async def raw(self, text: str) -> None:
        await self._socket.send_str(text)

    async def got(self, kind: str) -> Json:
        """Wait for the next frame of a kind, past all others."""
        while True:
            frame: Json = await self._socket.receive_json(timeout=3)
            if frame["type"] == kind:
                return frame

    async def ask(self, kind: str, answer: str, **frame: object) -> Json:
        await self.send(kind, **frame)
        return await self.got(answer)


@asynccontextmanager
async def page(slack: SlackSandbox, user: str = demo.ARTIST) -> AsyncIterator[Page]:
    root = slack.url.removesuffix("/slack")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{root}/client/socket") as socket,
    ):
        page = Page(socket)
        await page.send("be", user=user)
        yield page


async def test_hello_tells_what_the_page_starts_with(slack: SlackSandbox) -> None:
    slack.core.installation = Installation(shortcuts=(Shortcut("rebuild", "Rebuild"),))
    async with page(slack) as artist:
        hello = await artist.got("hello")
        other = await artist.ask("be", "hello", user=demo.PRODUCER)
        stranger = await artist.ask("be", "hello", user="U404")
    assert hello["team"] == {"id": slack.workspace.team_id, "name": "Lantern Games"}
    assert hello["bot"] == {"user_id": slack.workspace.bot.id, "name": "builds"}
    assert [user["id"] for user in hello["users"] if not user["is_bot"]] == [
        demo.ARTIST,
        demo.PROGRAMMER,
        demo.PRODUCER,
        demo.TESTER,
    ]
    assert [(c["name"], c["bot_in"]) for c in hello["channels"]] == [
        ("builds", True),
        ("general", True),
        ("art", False),
    ]
    assert hello["commands"][0]["command"] == "/build"
    assert hello["shortcuts"] == [{"callback_id": "rebuild", "name": "Rebuild"}]
    assert hello["hint"] == '/build 543988 "Level 3"'
    assert "release-plans" in [channel["name"] for channel in other["channels"]]
    assert stranger["you"] == demo.ARTIST


async def test_history_and_threads_are_shown_oldest_first(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "x", "event_payload": {"id": 1}}
    first = await client.chat_postMessage(channel=demo.BUILDS, text="one", metadata=metadata)
    await client.chat_postMessage(channel=demo.BUILDS, text="reply", thread_ts=first["ts"])
    await client.chat_postMessage(channel=demo.BUILDS, text="two")
    async with page(slack) as artist:
        history = await artist.ask("open", "history", channel=demo.BUILDS)
        thread = await artist.ask("thread", "thread", channel=demo.BUILDS, ts=first["ts"])
    assert [m["text"] for m in history["messages"]] == ["one", "two"]
    assert history["messages"][0]["reply_count"] == 1
    assert "metadata" not in history["messages"][0]
    assert [m["text"] for m in thread["messages"]] == ["one", "reply"]


async def test_what_one_says_all_see(slack: SlackSandbox) -> None:
    async with page(slack) as artist, page(slack, demo.TESTER) as tester:
        await tester.got("hello")
        await artist.send("say", channel=demo.BUILDS, text="hi @leo, mail a@leo")
        frame = await tester.got("message")
        assert frame["message"]["text"] == f"hi <@{demo.TESTER}>, mail a@leo"
        ts = frame["message"]["ts"]
        await artist.send("say", channel=demo.BUILDS, text="there", thread_ts=ts)
        assert (await tester.got("message"))["message"]["thread_ts"] == ts
        assert (await tester.got("message_changed"))["message"]["reply_count"] == 1


async def test_commands_buttons_menus_and_forms_work_from_the_page(
    slack: SlackSandbox, client: AsyncWebClient
) -> None:
    app = bolt(client, slack)
    plain = {"type": "plain_text", "text": "Scene"}
    scene = {"type": "external_select", "action_id": "scene", "min_query_length": 0}
    form = {
        "type": "modal",
        "callback_id": "form",
        "title": plain,
        "submit": plain,
        "blocks": [{"type": "input", "block_id": "b", "label": plain, "element": scene}],
    }
    option = {"text": plain, "value": "1"}

    @app.command("/build")
    async def build(ack: AsyncAck) -> None:
        await ack(text="asked", blocks=[actions(button("open"))])

    @app.action("open")
    async def opens(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=form)
        await ack()

    @app.options("scene")
    async def scenes(ack: AsyncAck) -> None:
        await ack(options=[option])

    @app.view("form")
    async def submitted(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"b": "no"})

    async with over_socket(app, slack), page(slack) as artist:
        asked = await artist.ask("say", "ephemeral", channel=demo.BUILDS, text="/build")
        press = {"block_id": "steering", "action_id": "open", "action": {"value": "142"}}
        where = {"channel": demo.BUILDS, "ts": asked["message"]["ts"], "ephemeral": True}
        view = (await artist.ask("press", "view_opened", **press, **where))["view"]
        menu = {"view_id": view["id"], "block_id": "b", "action_id": "scene"}
        offered = await artist.ask("suggest", "options", id=7, value="", **menu)
        state = {"values": {"b": {"scene": {"type": "external_select", "selected_option": option}}}}
        errors = await artist.ask("submit", "view_errors", view_id=view["id"], state=state)
        closed = await artist.ask("close", "view_closed", view_id=view["id"])
    assert offered == {"type": "options", "id": 7, "options": [option], "option_groups": []}
    assert errors["errors"] == {"b": "no"}
    assert closed["view_id"] == view["id"]


async def test_frames_that_mean_nothing_break_nothing(slack: SlackSandbox) -> None:
    async with page(slack) as artist:
        await artist.got("hello")
        for text in ("", "{", "[]", "7", '{"type": "dance"}'):
            await artist.raw(text)
        for frame in (
            {"type": "open", "channel": demo.PRIVATE},
            {"type": "open"},
            {"type": "press", "ts": "1.2", "action_id": "x"},
            {"type": "submit", "view_id": "V404"},
            {"type": "say", "channel": demo.BUILDS},
        ):
            notice = await artist.ask(str(frame.pop("type")), "notice", **frame)
            assert "did not work" in notice["text"]
        await artist.ask("open", "history", channel=demo.BUILDS)


async def test_the_page_and_its_files_are_served(slack: SlackSandbox) -> None:
    root = slack.url.removesuffix("/slack")
    async with aiohttp.ClientSession(root) as session:
        async with session.get("/") as index:
            assert index.content_type == "text/html"
        async with session.get("/page/main.js") as script:
            assert script.content_type.endswith("javascript")
        async with session.get("/page/..%2fbrowser.py") as outside:
            assert outside.status == 404
