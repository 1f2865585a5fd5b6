"""What the linker finds out before a link or a post, against the sandbox's Applivery."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.builds.apps import NamedApp
from bot.builds.build_facts import BuildFacts
from bot.builds.job import Asker
from bot.builds.link_request import LATEST, FileKind, LinkRequest
from bot.sandbox.applivery import demo
from bot.sandbox.applivery.workspace import App, Build, Credential
from bot.store import Store
from bot.store.link import Purpose
from tests.clock import Clock
from tests.workers.linker_room import ANDROID, Room, linker_room

HEX_9 = "5f0000000000000000000e02"


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: what is written is tried on both databases in test_store_links.py."""
    return f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.db')}"


@pytest.fixture
async def room(store: Store, clock: Clock) -> AsyncIterator[Room]:
    async with linker_room(store, clock) as room:
        yield room


async def test_without_leave_to_read_a_link_is_shown_all_the_same(room: Room) -> None:
    room.house.applivery.workspace.credentials[demo.TOKEN] = Credential(reads=False)
    await room.ask()
    await room.step()
    assert room.texts[0].startswith(f"*App* · Android · build `{ANDROID.build}`\n")
    assert [button["action_id"] for button in room.elements] == ["open_link", "new_link"]


async def test_the_latest_build_is_the_newest_processed_one(room: Room) -> None:
    await room.store.apps.add(
        NamedApp("fruit-ios", demo.IOS.id), Asker("T1", "C1", "U1"), room.clock()
    )
    await room.ask(LinkRequest(demo.IOS.id, LATEST))
    await room.step()
    assert "iOS · 1.4.0 (44)" in room.texts[0]
    assert room.elements[-1]["value"] == f"{demo.IOS.id} {demo.IOS_BUILD} type=auto"


async def test_without_leave_to_read_the_latest_is_asked_for(room: Room) -> None:
    room.house.applivery.workspace.credentials[demo.TOKEN] = Credential(reads=False)
    await room.store.apps.add(
        NamedApp("fruit-ios", demo.IOS.id), Asker("T1", "C1", "U1"), room.clock()
    )
    await room.ask(LinkRequest(demo.IOS.id, LATEST))
    await room.step()
    assert room.texts[0].startswith("No link to the latest build of `fruit-ios`.")
    assert "Give the id of a build" in room.texts[0]
    assert await room.ended() == ("failed", "CredentialRefused")


async def test_of_two_platforms_one_is_chosen_by_the_asker(room: Room) -> None:
    both = App("5f0000000000000000000a09", "Both", "both", "com.example.both")
    for build, platform in (("5f0000000000000000000e01", "ios"), (HEX_9, "android")):
        room.house.applivery.workspace.add(
            Build(build, both, platform, "2.0", 1, room.clock() - timedelta(hours=1))
        )
    await room.ask(LinkRequest(both.id, LATEST, FileKind.FILE))
    await room.step()
    assert [each["text"]["text"] for each in room.elements] == ["iOS 2.0", "Android 2.0"]
    assert room.elements[1]["value"] == f"{both.id} {HEX_9} type=file"
    assert (room.mints, await room.ended()) == (0, ("failed", "two_platforms"))


async def test_an_app_without_a_build_has_no_latest(room: Room) -> None:
    empty = App("5f0000000000000000000a09", "Empty", "empty", "com.example.empty")
    room.house.applivery.workspace.apps[empty.id] = empty
    await room.ask(LinkRequest(empty.id, LATEST))
    await room.step()
    assert "no processed build" in room.texts[0]


async def test_a_post_is_left_to_the_notifier(room: Room) -> None:
    await room.ask(LinkRequest(demo.ANDROID.id, LATEST), purpose=Purpose.POST)
    await room.step()
    assert (room.texts, room.mints) == ([], 0)
    assert await room.ended() == ("served", "posted")
    posted = await room.store.posts.get(1)
    assert posted is not None
    assert (posted.facts.build, posted.facts.version) == (demo.ANDROID_BUILD, "1.4.0")
    notice = await room.store.outbox.claim("notifier", room.clock())
    assert notice is not None
    assert (notice.kind, notice.post_id, notice.job_id) == ("post", 1, None)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (demo.IOS_BROKEN, "could not process this build"),
        (demo.ANDROID_STUCK, "still processing"),
        ("0" * 24, "finds no such app or build"),
    ],
)
async def test_what_cannot_be_posted_is_said_to_the_asker(
    room: Room, build: str, said: str
) -> None:
    await room.ask(LinkRequest(demo.ANDROID.id, build), purpose=Purpose.POST)
    await room.step()
    assert said in room.texts[0]
    assert await room.store.posts.get(1) is None


async def test_without_leave_to_read_a_post_has_no_facts(room: Room) -> None:
    room.house.applivery.workspace.credentials[demo.TOKEN] = Credential(reads=False)
    await room.ask(purpose=Purpose.POST)
    await room.step()
    posted = await room.store.posts.get(1)
    assert posted is not None
    assert posted.facts == BuildFacts(ANDROID.app, ANDROID.build)
