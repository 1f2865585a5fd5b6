"""The main job, end to end: a command, an ack, a card, a reply, a zip."""

import io
import re
import zipfile

import pytest

from bot.builds.job import JobState
from bot.sandbox.slack.demo import GENERAL, PROGRAMMER, TESTER
from tests.flows.flows_stage import BOTH_WAYS, LEVEL_3, Stage

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)
FAILING = '/build 543988 "Broken Shaders"'


@BOTH_WAYS
async def test_a_command_becomes_one_card_one_reply_and_a_zip(stage: Stage) -> None:
    job = await stage.build()
    assert job.state is JobState.READY
    assert stage.told() == ["#1 accepted: looking up Level 3 in project 543988."]
    assert stage.failures() == []
    card, reply = stage.one_card(), stage.one_reply()
    assert "ready in" in card.text
    assert reply.text.startswith(f"<@{PROGRAMMER}> #1 is ready: ")
    assert reply.is_broadcast
    books = stage.sandbox.slack.books
    assert stage.posted() == 2
    assert {call.arguments["ts"] for call in books.granted("chat.update")} == {card.ts}
    assert stage.buttons() == ["Download zip", "Rebuild", "Details"]
    assert len(stage.submitted) == 1
    link = re.search(r"<(http[^|>]+)\|Download zip>", reply.text)
    assert link is not None
    async with stage.session.get(link[1]) as answer:
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert "index.html" in archive.namelist()


@BOTH_WAYS
async def test_the_card_of_a_running_build_can_be_stopped_and_says_so(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.RUNNING)
    await stage.shows("building")
    assert stage.buttons() == ["Stop watching", "Details"]
    assert stage.replies() == []


@SOCKET
@pytest.mark.parametrize(
    ("env", "told_to_all"),
    [
        ({"BROADCAST": "all"}, [True, True]),
        ({"BROADCAST": "failures"}, [False, True]),
        ({"BROADCAST": "none"}, [False, False]),
    ],
)
async def test_the_channel_sees_the_replies_that_it_wants(
    stage: Stage, told_to_all: list[bool]
) -> None:
    await stage.build()
    await stage.build(FAILING)
    assert [reply.is_broadcast for reply in stage.replies()] == told_to_all


@SOCKET
async def test_everything_asked_for_reaches_playcanvas(stage: Stage) -> None:
    await stage.build(
        '/build 543988 "level 3" “Main Menu” branch=dev name="Fruit" version=1.4 '
        "description=d notes=n engine=1.77.0 format=static target=web minify=yes "
        "concatenate=yes sourcemaps=no optimize=no preload=yes"
    )
    [submitted] = stage.submitted
    branch = stage.sandbox.playcanvas.world.projects[0].branches[1]
    assert submitted.body == {
        "project_id": 543988,
        "name": "Fruit",
        "scenes": [470004, 470001],
        "branch_id": branch.id,
        "description": "d",
        "version": "1.4",
        "release_notes": "n",
        "engine_version": "1.77.0",
        "format": "static",
        "target": "web",
        "scripts_minify": True,
        "scripts_concatenate": True,
        "scripts_sourcemaps": False,
        "optimize_scene_format": False,
        "preload_bundle": True,
    }
    assert "branch `dev` · engine 1.77.0 · static" in stage.one_card().text


@BOTH_WAYS
async def test_an_unknown_scene_starts_nothing_and_is_said_to_the_asker_alone(
    stage: Stage,
) -> None:
    job = await stage.build('/build 543988 "Levle 3" version=2')
    assert job.state is JobState.REJECTED
    assert stage.said() == []
    assert stage.submitted == []
    assert stage.told(TESTER) == []
    assert "There is no scene “Levle 3”." in stage.told()[-1]
    assert '`/build 543988 "Level 3" version=2`' in stage.told()[-1]


@SOCKET
async def test_two_people_in_two_channels_each_get_their_own(stage: Stage) -> None:
    await stage.say(LEVEL_3)
    await stage.say("/build 543988 470001", GENERAL, TESTER)
    await stage.settled()
    assert stage.one_reply().text.startswith(f"<@{PROGRAMMER}> #1 ")
    assert stage.one_reply(GENERAL).text.startswith(f"<@{TESTER}> #2 ")
    assert stage.posted() == 4


@SOCKET
async def test_waiting_jobs_say_their_place_and_move_up(stage: Stage) -> None:
    await stage.build("/build 543988 Instant")
    await stage.hold_starts()
    await stage.say(LEVEL_3)
    await stage.say("/build 543988 Instant")
    await stage.says("1st in line", "2nd in line, starts about <!date^")
    await stage.press("stop", stage.cards()[1])
    await stage.says("cancelled before it started", "1st in line")
