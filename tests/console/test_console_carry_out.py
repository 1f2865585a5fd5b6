import asyncio
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.builds.job import CONSOLE, JobKind, JobState
from bot.builds.projects import Project
from bot.console.carry_out import carry_out
from bot.console.ending import Exit
from bot.sandbox.faults import Answer
from bot.workers.loop import utc_now
from tests.console.console_room import Room

BUILD, ARCHIVE = JobKind.BUILD, JobKind.ARCHIVE


def tree(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


async def test_a_build_ends_as_a_zip(room: Room) -> None:
    ending = await room.asks(BUILD, "543988", "level 3", "branch=dev", "version=1.2")
    assert ending.exit is Exit.READY
    [saved] = ending.saved
    assert saved.path == room.out / "543988-level-3-4100001.zip"
    with ZipFile(saved.path) as archive:
        assert archive.testzip() is None
    assert tree(room.out) == [saved.path.name]
    assert room.seen.words[0] == "543988 · level 3: looking its names up"
    assert room.seen.words[-1] == "543988 · Level 3: building"
    assert room.seen.notes == ["543988 · Level 3: ready in 0s"]
    size = saved.size
    assert room.seen.deeds[-1] == f"downloading {saved.path.name} {size}/{size}"
    [order] = [each.body for each in room.sandbox.playcanvas.books if each.rate_class == "strict"]
    assert isinstance(order, dict)
    assert order["version"] == "1.2"
    told = json.dumps(ending.to_json())
    assert json.loads(told)["result"] == "ready"
    [job] = room.sandbox.playcanvas.jobs.all.values()
    # The link is a secret, and logs of build servers are read by many.
    assert job.key not in told + repr(room.seen)


async def test_what_is_unpacked_replaces_the_folder(room: Room) -> None:
    (room.out / "old").mkdir(parents=True)
    (room.out / "old/gone.txt").write_text("old")
    ending = await room.asks(BUILD, "543988", "Instant", unzips=True)
    assert ending.exit is Exit.READY
    assert ending.saved[0].path == room.out
    assert "index.html" in tree(room.out)
    assert "old/gone.txt" not in tree(room.out)
    assert [each.name for each in room.out.parent.iterdir()] == ["out"]


async def test_a_hostile_zip_leaves_everything_as_it_was(room: Room) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("index.html", b"new")
        archive.writestr("../../stolen", b"")
    room.sandbox.playcanvas.faults.add("*.zip", act=Answer(200, packed.getvalue()))
    room.out.mkdir(parents=True)
    (room.out / "index.html").write_text("old")
    ending = await room.asks(BUILD, "543988", "Instant", unzips=True)
    assert ending.exit is Exit.FAILED
    assert ending.said == ("The zip is refused: “../../stolen” is not a path below the folder.",)
    assert (room.out / "index.html").read_text() == "old"
    assert [each.name for each in room.out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["543988", "Broken Shaders"], Exit.FAILED, ["Could not export", "Shader “water.frag”"]),
        (["543988", "Level 33"], Exit.USAGE, ["There is no scene “Level 33”."]),
        (["700002", "Main"], Exit.OUT_OF_REACH, ["Invalid plan"]),
        (["700003", "Main"], Exit.OUT_OF_REACH, ["does not allow"]),
    ],
)
async def test_how_it_ends_is_the_exit_code(
    room: Room, words: list[str], code: Exit, said: list[str]
) -> None:
    ending = await room.asks(BUILD, *words)
    assert ending.exit is code
    messages = " ".join(ending.to_json()["messages"])
    assert [each for each in said if each not in messages] == []
    assert not room.out.exists()


async def test_a_link_that_is_gone_is_out_of_reach(room: Room) -> None:
    room.sandbox.playcanvas.faults.add("*.zip", act=Answer(403))
    ending = await room.asks(BUILD, "543988", "Instant")
    assert ending.exit is Exit.OUT_OF_REACH
    assert ending.said == ("543988-instant-4100001.zip: The download link is refused (403).",)
    assert tree(room.out) == []


async def test_every_branch_is_archived_and_what_is_ready_is_kept(room: Room) -> None:
    ending = await room.asks(ARCHIVE, "543988", every_branch=True)
    assert ending.exit is Exit.FAILED
    assert ending.quoted == ("corrupt: Could not read branch",)
    assert [each.branch for each in ending.saved] == ["main", "dev", "feature/jump"]
    assert tree(room.out) == sorted(each.path.name for each in ending.saved)
    assert "543988-feature-jump-4100003.zip" in tree(room.out)


async def test_beside_the_bot_it_uses_its_names_and_tells_slack_nothing(room: Room) -> None:
    store = room.store()
    await store.projects.add(Project("fruit", "543988", branch="dev"), CONSOLE, utc_now())
    ending = await room.asks(BUILD, "fruit", "Instant")
    assert ending.exit is Exit.READY
    assert ending.saved[0].path.name == "fruit-instant-4100001.zip"
    assert ending.to_json()["branch"] == "dev"
    assert await store.outbox.backlog() == (0, None)
    assert await store.jobs.count() == {JobState.READY: 1}
    await store.database.close()


async def test_without_a_database_there_is_one_for_the_time_being(room: Room) -> None:
    room.monkeypatch.delenv("DATABASE_URL")
    ending = await room.asks(BUILD, "fruit", "Instant")
    assert ending.exit is Exit.USAGE
    assert ending.said[1].startswith("Short names are kept in the bot's database")
    assert (await room.asks(BUILD, "543988", "Instant")).exit is Exit.READY


async def test_who_interrupts_leaves_nothing_to_go_on_with(room: Room) -> None:
    wish = room.wish(BUILD, "543988", "Endless")
    task = asyncio.ensure_future(carry_out(room.settings(), wish, room.seen))
    async with asyncio.timeout(20):
        await room.seen.saw("543988 · Endless: building")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    store = room.store()
    assert await store.jobs.count() == {JobState.UNWATCHED: 1}
    await store.database.close()
