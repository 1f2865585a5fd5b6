from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.builds.job import Asker
from bot.sandbox.faults import Answer
from bot.sandbox.slack.demo import ART, BUILDS, PROGRAMMER
from bot.slack.poster import Poster
from bot.store.whispers import LEASE
from bot.workers.whisperer import Whisperer
from tests.workers.workers_room import Workshop

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NO = {"text": "No."}


def poster(shop: Workshop) -> Poster:
    slack = shop.house.slack
    client = AsyncWebClient(
        slack.bot_token, base_url=f"{slack.url}/api/", session=shop.session, retry_handlers=[]
    )
    return Poster(client, shop.session, lambda *_: None)


def whisperer(shop: Workshop, owner: str = "me") -> Whisperer:
    return Whisperer(shop.store, poster(shop), owner, shop.clock)


async def asked(shop: Workshop, channel: str = BUILDS) -> None:
    asker = Asker(shop.house.slack.workspace.team_id, channel, PROGRAMMER)
    await shop.store.whispers.add("Ev1", asker, NO, shop.clock())


def whispered(shop: Workshop) -> list[tuple[str, str]]:
    ephemerals = shop.house.slack.core.posting.ephemerals.values()
    return [(each.channel, each.text) for each in ephemerals]


def written(shop: Workshop) -> list[str]:
    direct = shop.house.slack.core.direct(PROGRAMMER)
    return [each.text for each in direct.messages.values()]


async def test_with_nothing_to_say_it_comes_back_much_later(shop: Workshop) -> None:
    until = await whisperer(shop).step(shop.clock())
    assert until is not None
    assert until > shop.clock() + timedelta(minutes=1)


async def test_it_says_it_where_it_was_asked_once(shop: Workshop) -> None:
    await asked(shop, ART)
    assert await whisperer(shop).step(shop.clock()) is None
    assert await whisperer(shop).step(shop.clock()) is not None
    assert whispered(shop) == [(ART, "No.")]
    assert written(shop) == []


async def test_who_has_gone_on_by_then_finds_it_in_the_bots_conversation(shop: Workshop) -> None:
    await asked(shop)
    shop.clock.advance(timedelta(minutes=31).total_seconds())
    await whisperer(shop).step(shop.clock())
    assert whispered(shop) == []
    assert written(shop) == ["No."]


async def test_what_slack_never_takes_is_given_up(shop: Workshop) -> None:
    no = Answer(200, b'{"ok":false,"error":"new"}', {"Content-Type": "application/json"})
    shop.house.slack.faults.add("chat.postEphemeral", times=2, act=no)
    await asked(shop)
    await whisperer(shop).step(shop.clock())
    assert await shop.store.whispers.next_due() is not None
    shop.clock.advance(601)
    await whisperer(shop).step(shop.clock())
    assert await shop.store.whispers.next_due() is None


async def test_a_slack_that_is_always_busy_is_given_up_after_a_day(shop: Workshop) -> None:
    shop.house.slack.faults.add("chat.post*", times=None, act=Answer(429))
    await asked(shop)
    for hours, waits in ((0, True), (23, True), (1, False)):
        shop.clock.advance(hours * 3600)
        await whisperer(shop).step(shop.clock())
        assert (await shop.store.whispers.next_due() is not None) is waits


async def test_what_died_in_its_hands_is_said_by_another(shop: Workshop) -> None:
    await asked(shop)
    assert await shop.store.whispers.claim("dead", shop.clock()) is not None
    assert await whisperer(shop).step(shop.clock()) is not None
    assert whispered(shop) == []
    shop.clock.advance(LEASE.total_seconds() + 1)
    await whisperer(shop).step(shop.clock())
    assert whispered(shop) == [(BUILDS, "No.")]
