"""/projects archive, end to end: the same card, reply, retries and limits as a build."""

import io
import re
import zipfile

import pytest

from bot.builds.job import Job, JobKind, JobState
from bot.sandbox.faults import Answer
from bot.sandbox.slack.demo import PROGRAMMER, TESTER
from tests.flows.flows_stage import Stage, eventually

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)
DEV = "/projects archive 543988 branch=DEV"


async def archive(stage: Stage, text: str = DEV) -> Job:
    await stage.build(text)
    return await stage.job()


async def test_an_archive_becomes_one_card_one_reply_and_a_zip(stage: Stage) -> None:
    job = await archive(stage)
    assert (job.kind, job.state) == (JobKind.ARCHIVE, JobState.READY)
    assert stage.told() == ["#1 accepted: an archive of branch DEV of project 543988."]
    assert stage.failures() == []
    dev = stage.sandbox.playcanvas.world.projects[0].branches[1]
    [asked] = stage.asked("/projects/543988/export")
    assert asked.body == {"branch_id": dev.id}
    assert stage.asked("/scenes") == []
    card, reply = stage.one_card(), stage.one_reply()
    assert card.text.startswith("#1 · Project 543988 · archive of `dev` — ready in ")
    assert "engine" not in card.text
    assert reply.text.startswith(f"<@{PROGRAMMER}> #1 is ready: Project 543988 · archive of `dev`")
    assert stage.posted() == 2
    link = re.search(r"<(http[^|>]+)\|Download zip>", reply.text)
    assert link is not None
    async with stage.session.get(link[1]) as answer:
        assert zipfile.ZipFile(io.BytesIO(await answer.read())).namelist()


@SOCKET
async def test_without_a_branch_playcanvas_takes_the_main_one(stage: Stage) -> None:
    await archive(stage, "/projects archive 543988")
    assert [each.body for each in stage.asked("/export")] == [{}]
    assert "archive of `main`" in stage.one_card().text


@SOCKET
async def test_a_project_lends_its_name_and_its_branch(stage: Stage) -> None:
    await stage.say("/projects add fruit 543988 branch=dev")
    await eventually(lambda: "Added" in stage.told()[-1])
    await archive(stage, "/projects archive fruit")
    assert stage.one_card().text.startswith("#1 · fruit · archive of `dev` — ready")


@SOCKET
@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("archive 543988 branch=dve", "`/projects archive 543988 branch=dev`"),
        ("archive 543988 branch=old", "There is no branch “old”."),
        ("archive 7", "Project not found"),
    ],
)
async def test_a_wrong_name_starts_nothing_and_is_said_to_the_asker_alone(
    stage: Stage, line: str, problem: str
) -> None:
    job = await archive(stage, f"/projects {line}")
    assert job.state is JobState.REJECTED
    assert stage.asked("/export") == []
    assert stage.said() == []
    assert problem in stage.told()[-1]


@SOCKET
async def test_an_archive_that_fails_says_why_and_retry_archives_again(stage: Stage) -> None:
    failed = await archive(stage, "/projects archive 543988 branch=corrupt")
    assert failed.state is JobState.FAILED
    assert ">Could not read branch" in stage.one_reply().text
    stage.sandbox.playcanvas.jobs.branches.clear()
    await stage.press("retry", stage.one_card())
    await stage.settled()
    again = await stage.job(2)
    assert (again.kind, again.state, again.retry_of) == (JobKind.ARCHIVE, JobState.READY, 1)
    assert len(stage.asked("/export")) == 2
    assert stage.submitted == []


@SOCKET
async def test_a_plan_without_archives_is_told_once(stage: Stage) -> None:
    refused = Answer(403, b'{"error": "Invalid plan"}')
    stage.sandbox.playcanvas.faults.add(path="*/export", act=refused)
    job = await archive(stage)
    assert job.state is JobState.FAILED
    assert "Invalid plan" in stage.one_reply().text
    assert "not started" in stage.one_card().text


@SOCKET
async def test_a_start_that_did_not_get_through_is_tried_again(stage: Stage) -> None:
    stage.sandbox.playcanvas.faults.add(path="*/export", times=2, act=Answer(502, b"<html>"))
    job = await archive(stage)
    assert job.state is JobState.READY
    assert len(stage.cards()) == len(stage.replies()) == 1


@SOCKET
async def test_who_asks_for_the_same_archive_waits_for_it_with_the_others(stage: Stage) -> None:
    await stage.hold_starts()
    await stage.say(DEV)
    await stage.says("1st in line")
    await stage.say(DEV, user=TESTER)
    await stage.say('/build 543988 "Level 3" branch=dev')
    await stage.says("1st in line", "2nd in line")
    assert [(await stage.job(n)).kind for n in (1, 2)] == [JobKind.ARCHIVE, JobKind.BUILD]
    assert await stage.count() == 2
    assert (await stage.job(1)).watchers == (TESTER,)


@SOCKET
async def test_every_branch_is_one_card_one_reply_and_what_failed_can_be_retried(
    stage: Stage,
) -> None:
    await stage.say("/projects archive 543988 branch=all")
    await stage.shows("3 archived, 1 failed")
    await stage.settled()
    assert len(stage.asked("/export")) == 4
    card, reply = stage.one_card(), stage.one_reply()
    assert card.text.startswith("#1 · Project 543988 · archives — 3 archived, 1 failed")
    assert card.text.count("|Download zip>") == 3
    assert "3 archived, 1 failed." in reply.text
    assert stage.posted() == 2
    assert stage.buttons()[0] == "Retry failed"
    stage.sandbox.playcanvas.jobs.branches.clear()
    await stage.press("retry", card)
    await stage.says("3 archived, 1 failed", "1 archived")
    await stage.settled()
    assert len(stage.asked("/export")) == 5


@SOCKET
async def test_a_stop_ends_every_one_of_them(stage: Stage) -> None:
    await stage.hold_starts()
    await stage.say("/projects archive 620001 branch=all")
    await stage.shows("45 to go")
    await stage.press("stop", stage.one_card())
    await stage.settled()
    assert (await stage.job(1)).state is JobState.CANCELLED
    assert stage.asked("/export") == []
    assert len(stage.replies()) == 1
