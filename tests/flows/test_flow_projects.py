"""/projects, end to end: short names, scenes and branches, to the asker alone."""

import pytest

from bot.builds.job import JobState
from bot.sandbox.faults import Answer, Freeze
from bot.sandbox.slack.demo import ART, GENERAL, PROGRAMMER, TESTER
from tests.flows.flows_stage import Stage, eventually

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)


async def ask(stage: Stage, line: str, answers: int, **where: str) -> str:
    """Type a line and return the last of as many answers."""
    user = where.get("user", PROGRAMMER)
    before = len(stage.told(user))
    await stage.say(f"/projects {line}".strip(), **where)
    await eventually(lambda: len(stage.told(user)) == before + answers)
    return stage.told(user)[-1]


async def test_a_short_name_lives_from_add_to_remove(stage: Stage) -> None:
    assert "No project has a short name yet" in await ask(stage, "", 1)
    said = await ask(stage, "add fruit 543988 engine=1.77.0 branch=dev", 2)
    assert "Added `fruit` · project 543988 · engine 1.77.0 · branch `dev`" in said
    assert "• `fruit` · project 543988 · engine 1.77.0" in await ask(stage, "", 1)

    job = await stage.build('/build fruit "Level 3"')
    assert job.state is JobState.READY
    dev = stage.sandbox.playcanvas.world.projects[0].branches[1]
    [body] = [each.body for each in stage.submitted]
    assert isinstance(body, dict)
    assert (body["project_id"], body["branch_id"]) == (543988, dev.id)
    assert body["engine_version"] == "1.77.0"

    assert "engine 1.77.0 · branch `main`" in await ask(stage, "set fruit branch=main", 2)
    said = await ask(stage, "set fruit engine= branch=", 1)
    assert said == "Changed `fruit` · project 543988."
    said = await ask(stage, "remove fruit", 1)
    assert "To undo: `/projects add fruit 543988`" in said
    assert "No project has a short name yet" in await ask(stage, "", 1)
    assert stage.failures() == []


async def test_scenes_and_branches_are_shown_to_the_asker_alone(stage: Stage) -> None:
    said = await ask(stage, "scenes 620001", 2, channel=GENERAL, user=TESTER)
    assert "• `&lt;!channel&gt; *bold* _it_ &amp; ’co’ | more` · id 480006" in said
    said = await ask(stage, "branches 620001", 2, channel=GENERAL, user=TESTER)
    assert said.startswith("45 open branches in project 620001:")
    assert stage.told(PROGRAMMER) == []
    assert stage.said(GENERAL) == stage.said() == []


@SOCKET
async def test_it_answers_where_the_bot_is_no_member(stage: Stage) -> None:
    said = await ask(stage, "branches 543988", 2, channel=ART)
    assert "• `feature/jump`" in said


@SOCKET
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("scnes fruit", ["Did you mean scenes?", "`/projects scenes fruit`"]),
        ("add Fruit Rush 543988", ["one word", "`/projects add fruit-rush 543988`"]),
        ("help", ["`/projects branches fruit`"]),
    ],
)
async def test_a_line_that_asks_for_nothing_is_answered_at_once(
    stage: Stage, line: str, words: list[str]
) -> None:
    said = await ask(stage, line, 1)
    assert all(each in said for each in words)
    assert stage.asked("/projects/") == []


@SOCKET
async def test_a_channels_last_project_is_offered(stage: Stage) -> None:
    await stage.build()
    said = await ask(stage, "scenes", 1)
    assert "This channel last built 543988." in said
    assert "`/projects scenes 543988`" in said


@SOCKET
async def test_a_foreign_project_gets_no_name(stage: Stage) -> None:
    said = await ask(stage, "add theirs 700003", 2)
    assert "`theirs` was not added" in said
    assert "An admin must" in said
    assert await stage.app.store.projects.all() == ()


@SOCKET
async def test_trouble_at_playcanvas_only_makes_it_later(stage: Stage) -> None:
    stage.sandbox.playcanvas.faults.add("scenes", times=4, act=Answer(502))
    assert "Added `fruit`" in await ask(stage, "add fruit 543988", 2)


@SOCKET
async def test_a_slow_playcanvas_does_not_delay_the_ack(stage: Stage) -> None:
    stage.sandbox.playcanvas.faults.add("scenes", times=1, act=Freeze())
    said = await ask(stage, "scenes 543988", 1)
    assert "the answer appears here" in said
    assert stage.failures() == []
    stage.sandbox.playcanvas.faults.clear()
    await eventually(lambda: "11 scenes" in stage.told()[-1])
