"""The linker's step against the sandbox's Applivery and Slack, over real sockets."""

import asyncio
import json
import logging
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog

from bot.applivery.patience import AFTER_UNAVAILABLE
from bot.builds.link_request import FileKind, LinkRequest
from bot.sandbox.applivery import demo
from bot.sandbox.applivery.answers import EXPIRY_FORMS
from bot.sandbox.applivery.workspace import Quota
from bot.sandbox.faults import Answer, Call, DropAnswer, Freeze
from bot.sandbox.slack.demo import TESTER
from bot.store import Store
from bot.store.links import LEASE
from bot.workers import link_search
from bot.workers.linker import ASKING, SAYING
from tests.clock import Clock
from tests.workers.linker_room import ANDROID, Room, linker_room

MINT, RESOLVE, RESPONSE = "downloadToken", "download/*", "response/*"
UNREADABLE = "Applivery is not answering as it should"


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: the claims are tried on both databases in test_store_links.py."""
    return f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.db')}"


@pytest.fixture
async def room(store: Store, clock: Clock) -> AsyncIterator[Room]:
    async with linker_room(store, clock) as room:
        yield room


def refusal(code: int) -> bytes:
    return json.dumps({"status": False, "error": {"code": code, "message": "<b>No</b>"}}).encode()


async def test_nothing_asked_for_is_looked_at_again_later(room: Room) -> None:
    until = await room.linker().step(room.clock())
    assert until is not None
    assert until > room.clock() + timedelta(minutes=1)


async def test_an_android_tester_gets_a_link_that_downloads(room: Room) -> None:
    await room.ask()
    await room.step()
    download, page, again = room.elements
    assert (download["text"]["text"], again["action_id"]) == ("Download APK", "new_link")
    assert page["url"].startswith("https://fruit-studio.applivery.io/fruit-android?os=android&")
    async with room.session.get(download["url"]) as file:
        assert (await file.read()).startswith(b"PK")
    body = room.responses[0].body
    assert (body["response_type"], body["replace_original"]) == ("ephemeral", False)
    assert "<!date^" in body["text"]
    assert body["text"].startswith("*Fruit Rush* · Android · 1.4.0 (57) · RC-1 · ")
    assert ">Faster loading." in body["text"]
    assert await room.ended() == ("served", "delivered")


async def test_an_apple_tester_installs_over_the_air(room: Room) -> None:
    await room.ask_for(demo.IOS_BUILD)
    await room.step()
    (rich,) = [b for b in room.responses[0].body["blocks"] if b["type"] == "rich_text"]
    (link,) = rich["elements"][0]["elements"]
    assert link["text"] == "Install on iPhone"
    parts = urlsplit(link["url"])
    assert (parts.scheme, parse_qs(parts.query)["action"]) == (
        "itms-services",
        ["download-manifest"],
    )
    async with room.session.get(parse_qs(parts.query)["url"][0]) as manifest:
        assert b"com.example.fruit.ios" in await manifest.read()
    ipa, page, again = room.elements
    assert (ipa["text"]["text"], again["action_id"]) == ("Download IPA", "new_link")
    assert "?os=ios&build=" in page["url"]
    async with room.session.get(ipa["url"]) as file:
        assert (await file.read()).startswith(b"PK")
    assert room.mints == 2  # each of the two works once


async def test_an_apple_tester_installs_even_if_the_file_cannot_be_had(room: Room) -> None:
    await room.ask_for(demo.IOS_BUILD)
    room.house.applivery.manners.expiry = EXPIRY_FORMS["garbage"]

    async def lose() -> None:
        room.house.applivery.faults.add(MINT, times=None, act=Answer(404, refusal(3001)))

    room.house.applivery.faults.add(RESOLVE, act=Call(before=lose))
    await room.step()
    assert [button["action_id"] for button in room.elements] == ["open_page", "new_link"]
    assert "<!date^" not in room.texts[0]
    assert await room.ended() == ("served", "delivered")


@pytest.mark.parametrize(
    ("build", "kind", "label"),
    [
        (demo.IOS_BUILD, FileKind.FILE, "Download IPA"),
        (demo.ANDROID_BUILD, FileKind.FILE, "Download APK"),
        (demo.ANDROID_AAB, FileKind.AAB, "Download AAB"),
        (demo.ANDROID_AAB, FileKind.AUTO, "Download APK"),
    ],
)
async def test_each_kind_is_named(room: Room, build: str, kind: FileKind, label: str) -> None:
    await room.ask_for(build, kind)
    await room.step()
    assert room.elements[0]["text"]["text"] == label
    assert room.elements[-1]["value"].endswith(f"{build} type={kind}")


@pytest.mark.parametrize(
    ("path", "label"),
    [("/a.pkg", "Download PKG"), ("/A.IPA", "Download IPA"), ("/a", "Download file")],
)
async def test_a_file_is_named_by_its_address(room: Room, path: str, label: str) -> None:
    headers = {"Location": f"https://cdn.example.com{path}?sig=x.apk"}
    room.house.applivery.faults.add(RESOLVE, act=Answer(302, b"", headers))
    await room.ask_for(demo.IOS_BUILD, FileKind.FILE)
    await room.step()
    assert room.elements[0]["text"]["text"] == label


async def test_ten_people_at_once_get_ten_links(room: Room) -> None:
    for n in range(10):
        await room.ask(key=str(n))
    await asyncio.gather(*(room.linker(str(n)).step(room.clock()) for n in range(10)))
    while (await room.store.links.next_due()) is not None:
        await room.step()
    urls = {each.body["blocks"][-1]["elements"][0]["url"] for each in room.responses}
    assert len(room.responses) == len(urls) == 10
    assert len(room.house.applivery.workspace.tokens) == 10


async def test_a_processing_build_is_delivered_by_itself(room: Room) -> None:
    await room.ask_for(demo.ANDROID_PROCESSING)  # twelve seconds from the first time it is asked
    await room.step()
    assert ["still processing" in text for text in room.texts] == [True]
    assert await room.store.links.next_due() == room.clock() + timedelta(seconds=5)
    room.clock.advance(5)
    await room.step()
    room.clock.advance(10)
    await room.step()
    assert [button["action_id"] for button in room.elements] == [
        "open_link",
        "open_page",
        "new_link",
    ]
    assert len(room.texts) == 2
    assert await room.ended() == ("served", "delivered")


async def test_a_build_that_stays_in_processing_is_given_up_after_two_minutes(room: Room) -> None:
    await room.ask_for(demo.ANDROID_STUCK)
    began, asked = room.clock(), []
    while due := await room.store.links.next_due():
        room.clock.now = due
        asked.append((due - began).total_seconds())
        await room.step()
    assert asked == [0, 5, 15, 35, 75, 120]
    assert len(room.texts) == 2
    assert "I have stopped asking" in room.texts[-1]
    assert room.elements[0]["text"]["text"] == "Try again"
    assert await room.ended() == ("failed", "BuildNotProcessed")


@pytest.mark.parametrize(
    ("step", "answer", "outcome", "said", "again"),
    [
        (MINT, Answer(401, refusal(4002)), "CredentialRefused", "an admin must renew it", False),
        (MINT, Answer(403), "CredentialRefused", "Service Account", False),
        (MINT, Answer(404, refusal(3001)), "NotFound", "deleted by retention", False),
        (MINT, Answer(400, refusal(5003)), "QuotaUsedUp", "quota is used up", False),
        (MINT, Answer(400, refusal(5004)), "PlanExcludes", "plan does not include", False),
        (RESOLVE, Answer(404, refusal(3001)), "TokenSpent", "already used", True),
        (RESOLVE, Answer(401, refusal(4005)), "TokenSpent", "has expired", True),
        (MINT, Answer(429), "RateLimited", "takes no more requests", True),
        (MINT, Answer(502, b"<html>"), "Unavailable", UNREADABLE, True),
        (MINT, Answer(200, b'{"status":true,"data":{}}'), "UnexpectedAnswer", "unexpected", True),
        (RESOLVE, Answer(302), "UnexpectedAnswer", "unexpected answer", True),
        (MINT, Answer(400, refusal(9)), "OtherError", "error 9: &lt;b&gt;No&lt;/b&gt;", True),
    ],
)
async def test_every_refusal_has_its_sentence(
    room: Room, *, step: str, answer: Answer, outcome: str, said: str, again: bool
) -> None:
    room.house.applivery.faults.add(step, times=None, act=answer)
    await room.ask()
    await room.step()
    (text,) = room.texts
    assert said in text
    assert ANDROID.build in text
    buttons = [(each["text"]["text"], each["value"]) for each in room.elements]
    assert buttons == ([("Try again", str(ANDROID))] if again else [])
    assert await room.ended() == ("failed", outcome)
    assert await room.store.links.next_due() is None


async def test_the_quota_is_said_with_its_figures(room: Room) -> None:
    room.house.applivery.workspace.quota = Quota(limit=1500, num=1500)
    await room.ask()
    await room.step()
    assert "1,500 of 1,500" in room.texts[0]


async def test_an_applivery_that_never_answers_is_given_up(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_search, "FINDING", timedelta(seconds=0.05))
    rule = room.house.applivery.faults.add(MINT, act=Freeze())
    await room.ask()
    await room.step()
    rule.release()
    assert "took too long" in room.texts[0]
    assert await room.ended() == ("failed", "timeout")


async def test_a_link_too_long_for_slack_is_not_shown(room: Room) -> None:
    headers = {"Location": f"https://cdn.example.com/a.apk?sig={'x' * 3000}"}
    room.house.applivery.faults.add(RESOLVE, act=Answer(302, b"", headers))
    await room.ask()
    await room.step()
    assert "longer than Slack can show" in room.texts[0]
    assert await room.ended() == ("failed", "too_long")


async def test_a_long_retry_after_is_waited_for_without_a_lease(room: Room) -> None:
    room.house.applivery.faults.add(MINT, act=Answer(429, headers={"Retry-After": "50"}))
    await room.ask()
    await room.step()
    assert "takes no more requests for the moment" in room.texts[0]
    assert await room.store.links.next_due() == room.clock() + timedelta(seconds=50)
    room.clock.advance(50)
    await room.step()
    assert await room.ended() == ("served", "delivered")


async def test_a_retry_after_beyond_the_deadline_is_not_waited_for(room: Room) -> None:
    room.house.applivery.faults.add(MINT, act=Answer(429, headers={"Retry-After": "121"}))
    await room.ask()
    await room.step()
    assert await room.ended() == ("failed", "RateLimited")


def test_the_lease_outlasts_everything_done_under_it() -> None:
    assert 3 * link_search.CALL + sum(AFTER_UNAVAILABLE, timedelta()) < link_search.FINDING
    assert ASKING + 2 * SAYING < LEASE < timedelta(seconds=60)


async def test_an_answer_given_just_before_a_crash_is_given_again_with_a_fresh_link(
    room: Room,
) -> None:
    await room.ask()

    async def crash() -> None:
        task.cancel()
        await asyncio.sleep(0)

    room.house.slack.faults.add(RESPONSE, act=Call(between=crash))
    task = asyncio.ensure_future(room.linker("first").step(room.clock()))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await room.ended() == ("asked", None)
    room.clock.advance(LEASE.total_seconds() + 1)
    await room.step()
    first, second = (each.body["blocks"][-1]["elements"][0]["url"] for each in room.responses)
    assert first != second
    assert await room.ended() == ("served", "delivered")


async def test_an_answer_that_may_be_lost_is_given_again(room: Room) -> None:
    room.house.slack.faults.add(RESPONSE, act=DropAnswer())
    await room.ask()
    await room.step()
    due = await room.store.links.next_due()
    assert due == room.clock() + timedelta(seconds=2)
    room.clock.now = due
    await room.step()
    assert await room.ended() == ("served", "delivered")
    assert room.mints == 2


async def test_a_busy_slack_is_given_its_pause(room: Room) -> None:
    room.house.slack.faults.add(RESPONSE, act=Answer(429, headers={"Retry-After": "7"}))
    await room.ask()
    await room.step()
    assert await room.store.links.next_due() == room.clock() + timedelta(seconds=7)


async def test_a_slack_that_never_takes_it_is_given_up(room: Room) -> None:
    room.house.slack.faults.add(RESPONSE, times=None, act=Answer(500))
    await room.ask()
    while due := await room.store.links.next_due():
        room.clock.now = due
        await room.step()
    assert await room.ended() == ("failed", "unanswered")
    assert room.texts == []
    (told,) = room.house.slack.core.books.granted("chat.postMessage")
    assert "could not answer" in told.arguments["text"]


async def test_a_wait_that_could_not_be_announced_goes_on(room: Room) -> None:
    room.house.slack.faults.add(RESPONSE, act=Answer(500))
    await room.ask_for(demo.ANDROID_PROCESSING)
    await room.step()
    room.clock.advance(12)
    await room.step()
    assert await room.ended() == ("served", "delivered")


async def test_one_who_cannot_be_answered_is_told_in_the_bots_own_conversation(room: Room) -> None:
    room.house.slack.faults.add(RESPONSE, act=Answer(404))
    await room.ask()
    await room.step()
    (told,) = room.house.slack.core.books.granted("chat.postMessage")
    assert told.arguments["channel"] == TESTER
    assert "could not answer" in told.arguments["text"]
    assert "/applivery/files" not in str(told.arguments)
    assert await room.ended() == ("failed", "http_404")


async def test_one_who_asked_while_the_bot_was_away_is_told_so_without_a_link(room: Room) -> None:
    await room.ask()
    room.clock.advance(1900)
    await room.step()
    assert (room.mints, room.texts) == (0, [])
    (told,) = room.house.slack.core.books.granted("chat.postMessage")
    assert "I was away when you asked for it, <!date^" in told.arguments["text"]
    assert await room.ended() == ("failed", "late")


async def test_one_who_asked_some_minutes_ago_is_still_served(room: Room) -> None:
    await room.ask()
    room.clock.advance(600)
    await room.step()
    assert await room.ended() == ("served", "delivered")


async def test_an_answer_after_a_takeover_is_dropped(room: Room) -> None:
    async def take_over() -> None:
        room.clock.advance(LEASE.total_seconds() + 1)
        assert await room.store.links.claim("another", room.clock()) is not None

    room.house.applivery.faults.add(MINT, act=Call(before=take_over))
    await room.ask()
    await room.step()
    assert await room.ended() == ("asked", None)


async def test_neither_log_nor_database_ever_holds_the_link(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    applivery = room.house.applivery
    requests = [ANDROID, LinkRequest(demo.IOS.id, demo.IOS_BUILD), LinkRequest("0" * 24, "0" * 24)]
    with structlog.testing.capture_logs() as logged:
        for n, request in enumerate(requests):
            await room.ask(request, str(n))
            await room.step()
        applivery.faults.add(RESOLVE, times=None, act=Answer(302, b"", {"Location": "http://x/y"}))
        await room.ask(key="last")
        await room.step()
    assert len(room.texts) == 4
    kept = str([await room.row(n + 1) for n in range(4)])
    # aiohttp.access is the sandbox's own servers, which of course were asked for these
    others = [each.getMessage() for each in caplog.records if each.name != "aiohttp.access"]
    heard = f"{logged} {others} {kept}"
    assert "UnexpectedAnswer" in heard
    secrets = [*applivery.workspace.tokens, demo.TOKEN, "/applivery/files", "itms", "http://x"]
    assert len(secrets) > 5
    assert [secret for secret in secrets if secret in heard] == []
    assert "/slack/response/" not in heard
