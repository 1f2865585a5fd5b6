"""/download and [New link] as the sandbox's Slack delivers them, over signed HTTP."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.builds.build_facts import BuildFacts
from bot.builds.link_request import LINK_EXAMPLE, FileKind, LinkRequest
from bot.sandbox.house import Sandbox
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.demo import BUILDS, PRODUCER, TESTER
from bot.sandbox.slack.installation import Command
from bot.slack.listeners import download
from bot.slack.listeners.asked import Desk
from bot.slack.messages.install_link import LeadsTo, Offer, install_link
from bot.slack.messages.message import Message
from bot.store import Store
from bot.store.link import Link
from bot.store.tables import links
from tests.clock import Clock
from tests.sandbox.slack.slack_stage import over_http

REQUEST = LinkRequest("5f0000000000000000000a01", "5f0000000000000000000b03", FileKind.FILE)
LINE = f"/download {REQUEST}"


@dataclass(slots=True)
class Front:
    slack: SlackSandbox
    store: Store
    clock: Clock
    client: AsyncWebClient
    counted: list[tuple[str, str]] = field(default_factory=list)

    async def say(self, line: str) -> str:
        """Type a command and return what it was answered."""
        await self.slack.say(TESTER, BUILDS, line)
        delivered = self.slack.core.books.deliveries[-1]
        assert delivered.acked
        assert delivered.body["response_type"] == "ephemeral"
        return str(delivered.body["text"])

    async def show(self, told: Message) -> str:
        """Put a message with buttons where everyone sees it; return its ts."""
        answer = await self.client.chat_postMessage(channel=BUILDS, **told.arguments())
        return str(answer["ts"])

    async def press(self, ts: str, action_id: str, user: str = TESTER) -> None:
        await self.slack.press(user, ts, action_id)
        assert self.slack.core.books.deliveries[-1].acked

    async def wish(self) -> Link | None:
        """Take what was asked for, as the linker would."""
        return await self.store.links.claim("linker", self.clock())

    async def rows(self) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.store.database.rows(select(links))]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: what the listeners write is tried on both in test_store_links.py."""
    return f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.db')}"


@asynccontextmanager
async def opened(store: Store, clock: Clock, *, configured: bool) -> AsyncIterator[Front]:
    async with Sandbox() as house, aiohttp.ClientSession() as session:
        slack = house.slack
        slack.core.pace.lift()
        commands = (Command(download.COMMAND, should_escape=True),)
        slack.core.installation = replace(slack.core.installation, commands=commands)
        client = AsyncWebClient(
            slack.bot_token, base_url=f"{slack.url}/api/", session=session, retry_handlers=[]
        )
        front = Front(slack, store, clock, client)
        bolt = AsyncApp(
            client=client, signing_secret=slack.signing_secret, process_before_response=True
        )
        desk = Desk(
            store, clock, lambda name, how: front.counted.append((name, how)), timedelta(hours=1)
        )
        download.register(bolt, desk, configured=configured)
        async with over_http(bolt, slack):
            yield front


@pytest.fixture
async def front(store: Store, clock: Clock) -> AsyncIterator[Front]:
    async with opened(store, clock, configured=True) as front:
        yield front


@pytest.fixture
async def closed(store: Store, clock: Clock) -> AsyncIterator[Front]:
    async with opened(store, clock, configured=False) as front:
        yield front


async def test_a_right_line_is_a_wish_of_the_one_who_typed_it(front: Front) -> None:
    assert REQUEST.build in await front.say(LINE)
    wish = await front.wish()
    assert wish is not None
    assert wish.request == REQUEST
    assert (wish.asker.user_id, wish.asker.channel_id) == (TESTER, BUILDS)
    assert wish.asker.response_url == front.slack.core.books.deliveries[-1].payload["response_url"]
    assert wish.deadline_at == front.clock() + timedelta(minutes=2)
    assert front.counted == [("/download", "accepted")]


async def test_the_same_line_delivered_again_is_the_same_wish(front: Front) -> None:
    await front.say(LINE)
    await front.slack.redeliver()
    assert "already on its way" in front.slack.core.books.deliveries[-1].body["text"]
    assert len(await front.rows()) == 1
    assert front.counted[-1] == ("/download", "repeated")


@pytest.mark.parametrize(
    ("line", "said", "counted"),
    [
        ("/download post", "Say which app", "usage"),
        ("/download fruit-ios", "neither the name of an app nor an id", "usage"),
        ("/download <!channel>", "&lt;!channel&gt;", "usage"),
        (f"{LINE} type=aab", "type is given twice", "usage"),
        ("/download help", f"`/download {LINK_EXAMPLE}`", "help"),
    ],
)
async def test_a_wrong_line_stores_nothing(
    front: Front, line: str, said: str, counted: str
) -> None:
    assert said in await front.say(line)
    assert await front.rows() == []
    assert front.counted == [("/download", counted)]


@pytest.mark.parametrize("line", [LINE, "/download", "/download help"])
async def test_without_applivery_it_says_how_to_switch_it_on(closed: Front, line: str) -> None:
    said = await closed.say(line)
    assert "APPLIVERY_TOKEN" in said
    assert "APPLIVERY_ORGANIZATION" in said
    assert await closed.rows() == []


def an_offer(request: LinkRequest = REQUEST) -> Message:
    facts = BuildFacts(request.app, request.build)
    return install_link(request, facts, Offer(LeadsTo.APK, "https://cdn.example.com/a.apk", None))


async def test_new_link_is_for_the_one_who_presses(front: Front) -> None:
    ts = await front.show(an_offer())
    await asyncio.gather(front.press(ts, "new_link"), front.press(ts, "new_link", PRODUCER))
    wishes = [await front.wish(), await front.wish()]
    assert {wish.asker.user_id for wish in wishes if wish} == {TESTER, PRODUCER}
    assert [wish.request for wish in wishes if wish] == [REQUEST, REQUEST]
    assert len({wish.asker.response_url for wish in wishes if wish}) == 2
    assert front.slack.core.books.responses == []


async def test_a_button_that_makes_no_sense_is_answered(front: Front) -> None:
    ts = await front.show(an_offer(LinkRequest("fruit", "latest")))
    await front.press(ts, "new_link")
    answered = await front.store.whispers.claim("whisperer", front.clock())
    assert answered is not None
    assert "“fruit” is neither the name" in answered.message["text"]
    assert answered.asker.response_url
    assert not answered.instead
    assert await front.rows() == []


async def test_new_link_without_applivery_says_how_to_switch_it_on(closed: Front) -> None:
    ts = await closed.show(an_offer())
    await closed.press(ts, "new_link")
    answered = await closed.store.whispers.claim("whisperer", closed.clock())
    assert answered is not None
    assert "APPLIVERY_TOKEN" in answered.message["text"]
    assert await closed.rows() == []


async def test_opening_a_link_is_acknowledged_and_no_more(front: Front) -> None:
    ts = await front.show(an_offer())
    await front.press(ts, "open_link")
    assert await front.rows() == []
    assert front.slack.core.books.responses == []
