"""Every way in which a build can end, as it is told to the one who waits."""

import pytest

from bot.builds.job import JobState
from bot.sandbox.faults import Call
from bot.sandbox.playcanvas.demo import FREE_PLAN, FRUIT_RUSH
from bot.sandbox.playcanvas.jobs import Behaviour
from bot.sandbox.slack.demo import TESTER
from bot.slack.messages.card import CHECK_NOW
from tests.flows.flows_stage import LEVEL_3, Stage

SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)


async def test_a_failed_build_tells_its_whole_error_once(stage: Stage) -> None:
    job = await stage.build('/build 543988 "Broken Shaders"')
    assert job.state is JobState.FAILED
    reply = stage.one_reply()
    assert "failed after" in stage.one_card().text
    assert stage.buttons() == ["Retry", "Details"]
    assert ">Could not export\n>Shader “water.frag”: line 12: 'vUv0'" in reply.text
    # What the server said cannot become markup.
    assert "undeclared identifier &lt;b&gt;&amp;amp;&lt;/b&gt;" in reply.text
    assert stage.posted() == 2


@SOCKET
async def test_an_error_without_a_word_is_said_to_be_one(stage: Stage) -> None:
    job = await stage.build('/build 543988 "Silent Failure"')
    assert job.state is JobState.FAILED
    assert stage.one_reply().text.endswith("PlayCanvas gave no reason.")


@SOCKET
async def test_messages_may_be_absent_null_or_empty(stage: Stage) -> None:
    scenes = stage.sandbox.playcanvas.jobs.scenes
    for name, messages in (("Level 1", None), ("Level 2", ()), ("Level 3", ("",))):
        scenes[name] = Behaviour(1, failure=True, messages=messages)
        assert (await stage.build(f'/build 543988 "{name}"')).state is JobState.FAILED
    assert [reply.text.splitlines()[-1] for reply in stage.replies()] == [
        "PlayCanvas gave no reason."
    ] * 3


@SOCKET
async def test_a_good_build_needs_no_messages(stage: Stage) -> None:
    # The sandbox leaves them out, says null, or gives none, by the job's number.
    for name in ("Level 1", "Level 2", "Level 3"):
        assert (await stage.build(f'/build 543988 "{name}"')).state is JobState.READY


async def test_a_build_that_is_over_at_once_is_ready(stage: Stage) -> None:
    assert (await stage.build("/build 543988 Instant")).state is JobState.READY
    assert stage.one_reply().text.count("|Download zip>") == 1
    assert stage.posted() == 2


@SOCKET
async def test_complete_without_a_link_is_a_failure(stage: Stage) -> None:
    job = await stage.build('/build 543988 "No Link"')
    assert job.state is JobState.FAILED
    assert "gives no download link" in stage.one_reply().text
    assert stage.buttons() == ["Retry", "Details"]


@SOCKET
@pytest.mark.parametrize(("status", "link_at"), [(200, "download_url"), (201, "url"), (202, "top")])
async def test_any_2xx_has_started_and_any_place_of_the_link_will_do(
    stage: Stage, status: int, link_at: str
) -> None:
    manners = stage.sandbox.playcanvas.manners
    manners.started = status
    manners.link_at = link_at  # type: ignore[assignment]
    assert (await stage.build()).state is JobState.READY
    assert len(stage.submitted) == 1


async def test_a_build_that_never_ends_expires_at_its_deadline(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.RUNNING)
    await stage.expire()
    assert (await stage.job()).state is JobState.EXPIRED
    assert "no answer from PlayCanvas" in stage.one_card().text
    assert "has had no answer from PlayCanvas" in stage.one_reply().text
    assert stage.buttons() == ["Check now", "Retry", "Details"]


@SOCKET
async def test_what_expired_is_looked_at_once_and_picked_up_if_it_is_ready(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.RUNNING)
    await stage.expire()
    for _ in range(2):
        await stage.press(CHECK_NOW, stage.one_card(), TESTER)
        await stage.settled()
    assert all("#1 (Project 543988 · Endless) is still running" in w for w in stage.told(TESTER))
    assert len(stage.told(TESTER)) == 2
    assert (len(stage.cards()), len(stage.replies())) == (1, 1), "nobody else is told of it"
    await stage.end_remotely()
    expired = stage.one_card()
    for _ in range(2):
        await stage.press(CHECK_NOW, expired, TESTER)
        await stage.settled()
    picked_up = await stage.job()
    assert picked_up.state is JobState.READY
    assert len(stage.submitted) == 1
    assert (len(stage.cards()), len(stage.replies())) == (2, 2)
    assert stage.replies()[-1].text.startswith(f"<@{TESTER}> #{picked_up.id} is ready: ")
    assert f"see #{picked_up.id}" in stage.told(TESTER)[-1]


@SOCKET
async def test_a_plan_that_does_not_allow_exports_fails_at_once_for_an_admin(stage: Stage) -> None:
    job = await stage.build(f"/build {FREE_PLAN} Main")
    assert job.state is JobState.FAILED
    assert len(stage.submitted) == 1
    assert "“Invalid plan”" in stage.one_reply().text
    assert "An admin must" in stage.one_reply().text
    assert "not started" in stage.one_card().text


@SOCKET
async def test_a_token_that_is_refused_starts_nothing_and_calls_for_an_admin(stage: Stage) -> None:
    stage.sandbox.playcanvas.token = "another"
    job = await stage.build()
    assert job.state is JobState.REJECTED
    assert "(401)" in stage.told()[-1]
    assert "An admin must" in stage.told()[-1]
    assert len(stage.asked("/scenes")) == 1
    assert stage.said() == []


@SOCKET
async def test_a_token_that_ends_in_the_middle_ends_the_build(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.RUNNING)
    stage.sandbox.playcanvas.token = "another"
    await stage.settled()
    assert (await stage.job()).state is JobState.FAILED
    assert "An admin must" in stage.one_reply().text


@SOCKET
async def test_a_scene_deleted_in_between_is_refused_in_playcanvass_words(stage: Stage) -> None:
    playcanvas = stage.sandbox.playcanvas

    async def delete() -> None:
        playcanvas.remove_scene(FRUIT_RUSH, "Level 3")

    playcanvas.faults.add("apps/download", act=Call(before=delete))
    job = await stage.build(LEVEL_3)
    assert job.state is JobState.FAILED
    assert "Scene not found" in stage.one_reply().text
    assert "not started" in stage.one_card().text
    assert len(stage.submitted) == 1


@SOCKET
async def test_a_scene_replaced_under_its_name_is_built_as_it_is_now(stage: Stage) -> None:
    await stage.build()
    new = stage.sandbox.playcanvas.replace_scene(FRUIT_RUSH, "Level 3")
    assert (await stage.build()).state is JobState.READY
    assert stage.submitted[-1].body["scenes"] == [new.id]  # type: ignore[index]


@SOCKET
async def test_a_job_that_playcanvas_forgot_fails_with_its_words(stage: Stage) -> None:
    await stage.say("/build 543988 Endless")
    await stage.reaches(JobState.RUNNING)
    stage.sandbox.playcanvas.jobs.all.clear()
    await stage.settled()
    assert (await stage.job()).state is JobState.FAILED
    assert "Job not found" in stage.one_reply().text


@SOCKET
async def test_another_engine_than_asked_for_is_told(stage: Stage) -> None:
    await stage.build('/build 543988 "Other Engine" engine=2.20.6')
    assert "engine 1.77.3 (asked for 2.20.6)" in stage.one_card().text
