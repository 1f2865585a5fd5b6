import asyncio
import json

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.faults import Answer, DropAnswer
from bot.sandbox.house import Sandbox
from bot.sandbox.slack import demo
from tests.sandbox.slack.slack_stage import bolt, next_of, over_socket


async def status(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url) as answer:
        return answer.status


async def test_everything_is_on_one_loopback_port() -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        assert sandbox.url == f"http://127.0.0.1:{sandbox.port}"
        assert sandbox.port > 0
        settings = sandbox.settings()
        places = [value for name, value in settings.items() if name.endswith("_URL")]
        assert {place.startswith(f"{sandbox.url}/") for place in places} == {True}
        assert await status(session, f"{sandbox.url}/") == 200
        assert await status(session, f"{settings['SLACK_API_URL']}api.test") == 200
        session.headers["Authorization"] = f"Bearer {settings['PLAYCANVAS_TOKEN']}"
        assert await status(session, f"{settings['PLAYCANVAS_API_URL']}/ratelimits") == 200
        download = f"{settings['APPLIVERY_DOWNLOAD_URL']}/v1/download/nothing"
        assert await status(session, download) == 404
        assert await status(session, f"{sandbox.url}/nowhere") == 404


async def test_a_bot_lives_on_the_settings_alone() -> None:
    async with Sandbox() as sandbox:
        settings = sandbox.settings()
        client = AsyncWebClient(
            settings["SLACK_BOT_TOKEN"], base_url=settings["SLACK_API_URL"], retry_handlers=[]
        )
        app: AsyncApp = bolt(client, sandbox.slack)

        @app.command("/build")
        async def build(ack: AsyncAck) -> None:
            await ack("queued")

        async with over_socket(app, sandbox.slack), sandbox.slack.watch(demo.ARTIST) as events:
            await sandbox.slack.say(demo.ARTIST, demo.BUILDS, "/build x")
            assert (await next_of(events, "ephemeral"))["message"]["text"] == "queued"


async def test_each_part_has_faults_of_its_own() -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        sandbox.slack.faults.add("api.test", act=Answer(503))
        slack = f"{sandbox.url}/slack/api/api.test"
        assert [await status(session, slack) for _ in range(2)] == [503, 200]
        rule = {"path": "api.test", "act": {"kind": "answer", "status": 502}}
        elsewhere = f"{sandbox.url}/applivery/faults"
        async with session.post(elsewhere, data=json.dumps(rule)) as answer:
            assert answer.status == 201
        sandbox.playcanvas.faults.add("*", times=None, act=Answer(500))
        assert await status(session, slack) == 200
        assert await status(session, f"{sandbox.url}/playcanvas/api/ratelimits") == 500


async def test_a_lost_answer_is_a_message_that_was_posted() -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        sandbox.slack.faults.add("chat.postMessage", act=DropAnswer())
        form = {"token": sandbox.slack.bot_token, "channel": demo.BUILDS, "text": "in doubt"}
        with pytest.raises(aiohttp.ClientError):
            await session.post(f"{sandbox.url}/slack/api/chat.postMessage", data=form)
        [message] = sandbox.slack.workspace.channels[demo.BUILDS].timeline()
        assert message.text == "in doubt"
        assert sandbox.slack.books.of("chat.postMessage")[0].ok


async def test_the_house_closes_while_people_are_in_it() -> None:
    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(5), Sandbox() as sandbox:
            client = AsyncWebClient(base_url=f"{sandbox.url}/slack/api/", session=session)
            opened = await client.apps_connections_open(app_token=sandbox.slack.app_token)
            bot = await session.ws_connect(opened["url"])
            page = await session.ws_connect(f"{sandbox.url}/client/socket")
            await page.send_json({"type": "be", "user": demo.ARTIST})
            await page.receive_json()
            sandbox.slack.deliver_to("http://127.0.0.1:1/")
            await sandbox.slack.say(demo.ARTIST, demo.BUILDS, "@builds nobody hears that")
        with pytest.raises(aiohttp.ClientError):
            await session.get(sandbox.url)
        await bot.close()
        await page.close()
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert [task.get_name() for task in left if task.get_name().startswith(("event", "page"))] == []
