"""The errand runner's step against the sandbox's PlayCanvas and Slack, over real sockets."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import stamina

from bot.builds.errand import AddProject, ChangeProject, Errand, ListBranches, ListScenes
from bot.builds.job import Asker
from bot.builds.projects import Project
from bot.sandbox.faults import Answer, Call, DropAnswer, Reset
from bot.sandbox.playcanvas.demo import FOREIGN, FRUIT_RUSH, ODD_NAMES
from bot.sandbox.playcanvas.world import Branch, Scene
from bot.slack.listeners.projects import PATIENCE
from bot.store import Store
from bot.store.errands import LEASE, OpenErrand
from bot.workers import errands
from tests.clock import Clock
from tests.workers.errands_room import Room, errands_room

MINA = Asker("T1", "C1", "U1")
FRUIT = str(FRUIT_RUSH)
ADD = AddProject("fruit", FRUIT, "2.20.6", "dev")
SCENES, BRANCHES = ListScenes(FRUIT, None, "fruit"), ListBranches(str(ODD_NAMES))


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """SQLite alone: the claims are tried on both databases in test_store_errands.py."""
    return f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.db')}"


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    stamina.set_testing(True, attempts=2)
    yield
    stamina.set_testing(False)


@pytest.fixture
async def room(store: Store, clock: Clock) -> AsyncIterator[Room]:
    async with errands_room(store, clock) as room:
        yield room


async def test_nothing_asked_for_is_looked_at_again_later(room: Room) -> None:
    until = await room.runner().step(room.clock())
    assert until is not None
    assert until > room.clock() + timedelta(minutes=1)
    assert room.house.playcanvas.books == []


async def test_a_project_that_can_be_seen_gets_its_name(room: Room) -> None:
    said = await room.run(ADD)
    assert "Added `fruit` · project 543988 · engine 2.20.6 · branch `dev`" in said
    assert '`/build fruit "Main Menu"`' in said
    assert await room.store.projects.all() == (Project("fruit", FRUIT, "2.20.6", "dev"),)
    assert (await room.row())["ended"] == "added"
    assert "Level 3" in [each.name for each in await room.store.catalog.scenes(FRUIT)]
    assert "dev" in [each.name for each in await room.store.catalog.branches(FRUIT)]


async def test_without_a_branch_only_scenes_are_asked_for(room: Room) -> None:
    await room.run(AddProject("fruit", FRUIT))
    assert (room.asked("/scenes"), room.asked("/branches")) == (1, 0)


@pytest.mark.parametrize(
    ("branch", "said"),
    [
        ("dve", "• `/projects add fruit 543988 engine=2.20.6 branch=dev`"),
        ("old", "There is no open branch “old”"),
    ],
)
async def test_a_branch_that_is_not_there_adds_nothing(room: Room, branch: str, said: str) -> None:
    assert said in await room.run(AddProject("fruit", FRUIT, "2.20.6", branch))
    assert await room.store.projects.all() == ()
    assert room.asked("/scenes") == 0


async def test_a_branch_is_kept_as_it_is_spelt_there(room: Room) -> None:
    await room.run(AddProject("fruit", FRUIT, branch="FEATURE/j"))
    assert (await room.store.projects.all())[0].branch == "feature/jump"


@pytest.mark.parametrize(
    ("project", "token", "words"),
    [
        ("1", None, ["(404): “Project not found”", "Is 1 the number", "an admin must"]),
        (str(FOREIGN), None, ["(403): “Forbidden”", "An admin must"]),
        (FRUIT, "wrong-token-of-some-length", ["(401)", "An admin must give the bot a valid"]),
    ],
)
async def test_a_refusal_is_said_at_once(
    room: Room, project: str, token: str | None, words: list[str]
) -> None:
    await room.ask(AddProject("fruit", project))
    await room.step(**({"token": token} if token else {}))
    [said] = room.texts
    assert "`fruit` was not added" in said
    assert all(each in said for each in words)
    assert (await room.row())["state"] == "answered"
    assert await room.store.projects.all() == ()


async def test_a_name_that_was_taken_meanwhile_is_not_taken_over(room: Room) -> None:
    await room.store.projects.add(Project("Fruit", "7"), MINA, room.clock())
    assert "there already is `Fruit` · project 7" in await room.run(ADD)
    assert await room.store.projects.all() == (Project("Fruit", "7"),)


async def test_a_default_branch_is_looked_for_before_it_changes(room: Room) -> None:
    await room.store.projects.add(Project("fruit", FRUIT, "2.20.6"), MINA, room.clock())
    change = ChangeProject("fruit", FRUIT, "", "DEV")
    assert "Changed `fruit` · project 543988 · branch `dev`" in await room.run(change)
    assert await room.store.projects.all() == (Project("fruit", FRUIT, None, "dev"),)
    said = await room.run(ChangeProject("fruit", FRUIT, None, "dve"))
    assert "was not changed" in said
    await room.store.projects.remove("fruit", MINA, room.clock())
    assert "no short name `fruit` any more" in await room.run(change)


async def test_every_page_of_the_branches_is_listed(room: Room) -> None:
    said = await room.run(BRANCHES)
    assert said.startswith("45 open branches in project 620001:")
    assert said.count("• `topic/") == 44
    assert room.asked("/branches") > 1
    assert len(await room.store.catalog.branches(BRANCHES.project)) == 45


async def test_a_closed_branch_that_is_listed_all_the_same_is_left_out(room: Room) -> None:
    branches = [{"id": "a", "name": "main"}, {"id": "b", "name": "old", "closed": True}]
    body = json.dumps({"result": branches}).encode()
    room.house.playcanvas.faults.add("branches", times=1, act=Answer(200, body))
    assert await room.run(BRANCHES) == "1 open branch in project 620001:\n• `main`"


async def test_a_branch_lists_its_own_scenes(room: Room) -> None:
    dev = room.house.playcanvas.world.projects[0].branches[1]
    dev.scenes = [Scene(5, "Only *here* <!channel>", room.clock())]
    said = await room.run(ListScenes(FRUIT, "dev", "fruit"))
    assert said == ("1 scene in `fruit`, branch `dev`:\n• `Only *here* &lt;!channel&gt;` · id 5")


async def test_hundreds_of_the_longest_names_fit_into_an_answer(room: Room) -> None:
    project = room.house.playcanvas.world.projects[0]
    name = "<&>" * 333
    project.scenes = [Scene(n, f"{n}{name}", room.clock()) for n in range(1, 101)]
    project.branches = [Branch(f"{n:036}", f"{n}{name}", room.clock()) for n in range(300)]
    for errand, number in ((SCENES, 100), (ListBranches(FRUIT), 300)):
        said = await room.run(errand)
        assert f"… and {number - said.count('•')} more" in said
        assert said.count("•") >= 10
        assert "<" not in said


@pytest.mark.parametrize("act", [Answer(503), Answer(200, b"<html>"), Reset(), DropAnswer()])
async def test_trouble_at_playcanvas_is_waited_out(
    room: Room, act: Answer | Reset | DropAnswer
) -> None:
    room.house.playcanvas.faults.add("scenes", times=2, act=act)
    await room.ask(SCENES)
    while not room.texts:
        await room.step()
        room.clock.advance(2 * 2 ** (await room.row())["attempts"])
    assert room.texts[0].startswith("11 scenes in `fruit`")


async def test_after_a_while_the_asker_hears_that_it_takes_longer(room: Room) -> None:
    room.house.playcanvas.faults.add("scenes", times=99, act=Answer(503))
    await room.ask(SCENES)
    for _ in range(6):
        await room.step()
        room.clock.advance(60)
    [said] = room.texts
    assert "PlayCanvas is not available" in said
    assert "I keep asking" in said


async def test_at_the_deadline_the_reason_is_said(room: Room) -> None:
    room.house.playcanvas.faults.add("scenes", times=999, act=Answer(503))
    asked_at = room.clock()
    await room.ask(ADD)
    while (await room.row())["state"] == "asked":
        await room.step()
        room.clock.advance(61)
    assert timedelta(minutes=23) < room.clock() - asked_at < PATIENCE + timedelta(minutes=2)
    assert "`fruit` was not added. PlayCanvas is not available" in room.texts[-1]
    assert "`/projects add fruit 543988 engine=2.20.6 branch=dev`" in room.texts[-1]
    assert len(room.texts) == 2


async def test_a_429_holds_everyone_back_and_then_it_is_answered(room: Room) -> None:
    answer = Answer(429, b"{}", {"Retry-After": "30"})
    room.house.playcanvas.faults.add("scenes", times=1, act=answer)
    await room.ask(SCENES)
    await room.step()
    held = await room.runner("another").step(room.clock())
    assert held is not None
    assert held >= room.clock() + timedelta(seconds=29)
    room.clock.advance(31)
    await room.step()
    assert len(room.texts) == 1


async def test_what_never_ends_is_cut_off_before_the_lease(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert max(errands.ASKING, 2 * errands.SAYING) < LEASE < timedelta(minutes=1)
    monkeypatch.setattr(errands, "ASKING", timedelta(seconds=0.2))
    waiting = asyncio.Event()

    async def wait() -> None:
        await waiting.wait()

    room.house.playcanvas.faults.add("scenes", times=1, act=Call(before=wait))
    await room.ask(SCENES)
    await room.step()
    waiting.set()
    assert room.texts == []
    room.clock.advance(3)
    await room.step()
    assert len(room.texts) == 1


async def _killed(room: Room, errand: Errand, path: str, *, slack: bool) -> None:
    """Let a runner die when a request has been served, before it hears the answer."""
    served, dead = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        served.set()
        await dead.wait()

    faults = room.house.slack.faults if slack else room.house.playcanvas.faults
    faults.add(path, times=1, act=Call(between=hold))
    await room.ask(errand)
    dying = asyncio.create_task(room.runner("dying").step(room.clock()))
    await served.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    dead.set()


async def test_who_dies_while_asking_is_replaced_when_the_lease_runs_out(room: Room) -> None:
    await _killed(room, ADD, "scenes", slack=False)
    until = await room.runner("next").step(room.clock())
    assert until == room.clock() + LEASE
    room.clock.advance(LEASE.total_seconds() + 1)
    await room.step()
    assert ["Added" in said for said in room.texts] == [True]


@pytest.mark.parametrize("kept", [True, False])
async def test_the_lease_counts_anew_before_the_answer_or_the_next_one_answers(
    room: Room, *, kept: bool
) -> None:
    took_over: list[OpenErrand | None] = []

    async def be_slow() -> None:
        room.clock.advance(50)
        if not kept:
            room.clock.advance(LEASE.total_seconds())
            took_over.append(await room.store.errands.claim("next", room.clock()))

    async def be_slow_again() -> None:
        room.clock.advance(50)
        took_over.append(await room.store.errands.claim("next", room.clock()))

    room.house.playcanvas.faults.add("scenes", times=1, act=Call(before=be_slow))
    room.house.slack.faults.add("response/*", times=1, act=Call(before=be_slow_again))
    await room.ask(SCENES)
    await room.step()
    assert len(room.texts) == (1 if kept else 0)
    assert [each is not None for each in took_over] == [not kept]


async def test_who_dies_after_answering_is_repeated_and_nothing_else_is(room: Room) -> None:
    await _killed(room, ADD, "response/*", slack=True)
    room.clock.advance(LEASE.total_seconds() + 1)
    await room.step()
    assert ["Added" in said for said in room.texts] == [True, True]
    assert len(await room.store.projects.all()) == 1
    assert (await room.row())["ended"] == "added"


async def test_an_answer_that_slack_does_not_take_now_is_given_later(room: Room) -> None:
    room.house.slack.faults.add("response/*", times=1, act=Answer(429, b"", {"Retry-After": "7"}))
    room.house.slack.faults.add("response/*", times=1, act=Answer(500))
    await room.ask(SCENES)
    await room.step()
    room.clock.advance(7)
    await room.step()
    room.clock.advance(60)
    await room.step()
    assert len(room.texts) == 1


async def test_an_answer_that_comes_too_late_for_slack_is_written_to_the_asker(
    room: Room,
) -> None:
    await room.ask(ADD)
    room.clock.advance(3_600)
    await room.step()
    assert room.texts == []
    [said] = room.written
    assert "Added `fruit`" in said
    assert (await room.row())["ended"] == "added"


async def test_who_can_be_told_nowhere_is_not_asked_about_for_ever(room: Room) -> None:
    room.house.slack.faults.add("response/*", times=99, act=Answer(404))
    room.house.slack.faults.add("chat.postMessage", times=99, act=Answer(500))
    await room.ask(SCENES)
    await room.step()
    assert (await room.row())["ended"] == "unanswered"
