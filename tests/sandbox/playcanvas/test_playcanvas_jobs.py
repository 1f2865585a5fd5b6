from datetime import datetime
from typing import Literal

import aiohttp
import pytest

from bot.sandbox.faults import DropAnswer
from bot.sandbox.playcanvas import Behaviour
from tests.sandbox.playcanvas.playcanvas_stage import FRUIT_RUSH, Stage


async def test_an_export_takes_its_time(on_stage: Stage) -> None:
    job = await on_stage.start("Level 3")
    assert job["status"] == "running"
    on_stage.pass_(7)
    assert (await on_stage.get(f"/jobs/{job['id']}"))["status"] == "running"
    on_stage.pass_(2)
    done = await on_stage.get(f"/jobs/{job['id']}")
    assert done["status"] == "complete"
    assert done["data"]["download_url"].startswith(f"{on_stage.url}/download/")
    assert "url" not in done
    assert "url" not in done["data"]


async def test_durations_vary_between_6_and_20_seconds_the_same_in_every_run(
    on_stage: Stage,
) -> None:
    on_stage.sandbox.limits.strict.limit = 1000
    usual = [await on_stage.start(name) for name in ("Main Menu", "Level 1", "Level 2") * 7]
    lasts = [on_stage.sandbox.jobs.find(job["id"]).lasts for job in usual]
    seconds = [last.total_seconds() for last in lasts if last is not None]
    assert len(seconds) == 21
    assert all(6 <= each <= 20 for each in seconds)
    assert len(set(seconds)) > 10
    assert seconds[:3] == [17.051, 10.8, 11.844]


async def test_the_scale_makes_exports_faster(on_stage: Stage) -> None:
    on_stage.sandbox.jobs.scale = 0
    job = await on_stage.start("Level 3")
    assert job["status"] == "complete"


async def test_a_job_as_the_facts_have_it(on_stage: Stage) -> None:
    job = await on_stage.start(
        "Level 3",
        "Main Menu",
        engine_version="1.77.3",
        scripts_concatenate=True,
        scripts_sourcemaps=True,
        version="1.2",
    )
    assert job["created_at"] == "2026-01-02T12:00:12.345678"
    assert job["scope"] == {"type": "project", "id": FRUIT_RUSH}
    data = job["data"]
    assert data["engineVersion"] == "1.77.3"
    assert (data["concatenate"], data["minify"], data["sourcemaps"]) == (True, True, True)
    assert data["scenes"] == [on_stage.scene("Level 3"), on_stage.scene("Main Menu")]
    assert (data["project_id"], data["name"], data["format"]) == (
        FRUIT_RUSH,
        "Fruit Rush",
        "static",
    )
    assert (data["target"], data["version"]) == ("web", "1.2")
    renamed = {"scripts_concatenate", "scripts_minify", "scripts_sourcemaps", "engine_version"}
    assert not renamed & data.keys()


async def test_the_end_is_dated_when_it_came_not_when_it_was_seen(on_stage: Stage) -> None:
    job = await on_stage.start("Level 3")
    on_stage.pass_(3600)
    done = await on_stage.get(f"/jobs/{job['id']}")
    lasted = datetime.fromisoformat(done["modified_at"]) - datetime.fromisoformat(
        done["created_at"]
    )
    assert 6 < lasted.total_seconds() < 10


async def test_messages_are_absent_null_or_empty(on_stage: Stage) -> None:
    jobs = [await on_stage.start("Level 1") for _ in range(3)]
    assert sorted(str(job.get("messages", "absent")) for job in jobs) == ["None", "[]", "absent"]


@pytest.mark.parametrize(
    ("scene", "messages"),
    [
        ("Broken Shaders", "Could not export"),
        ("Missing Module", "Cannot find module './enemy.mjs'"),
    ],
)
async def test_some_scenes_fail_with_messages(on_stage: Stage, scene: str, messages: str) -> None:
    done = await on_stage.finished("Main Menu", scene)
    assert done["status"] == "error"
    assert done["messages"][0] == messages
    assert "download_url" not in done["data"]


async def test_one_fails_without_a_word(on_stage: Stage) -> None:
    done = await on_stage.finished("Silent Failure")
    assert done["status"] == "error"
    assert "messages" not in done


async def test_endless_has_no_end(on_stage: Stage) -> None:
    job = await on_stage.start("Endless")
    on_stage.pass_(86_400)
    assert (await on_stage.get(f"/jobs/{job['id']}"))["status"] == "running"


async def test_instant_is_complete_in_the_first_answer(on_stage: Stage) -> None:
    job = await on_stage.start("Instant")
    assert job["status"] == "complete"
    assert job["data"]["download_url"]


async def test_no_link_is_complete_without_one(on_stage: Stage) -> None:
    done = await on_stage.finished("No Link")
    assert done["status"] == "complete"
    assert "http" not in str(done)


async def test_another_engine_than_asked(on_stage: Stage) -> None:
    done = await on_stage.finished("Other Engine", engine_version="2.20.6")
    assert done["data"]["engineVersion"] == "1.77.3"


async def test_a_test_can_say_how_a_scene_goes(on_stage: Stage) -> None:
    on_stage.sandbox.jobs.scenes["Level 1"] = Behaviour(1, failure=True, messages=("No.",))
    done = await on_stage.finished("Level 1")
    assert (done["status"], done["messages"]) == ("error", ["No."])


@pytest.mark.parametrize("place", ["download_url", "url", "top"])
async def test_the_link_is_in_one_of_three_places(
    on_stage: Stage, place: Literal["download_url", "url", "top"]
) -> None:
    on_stage.sandbox.manners.link_at = place
    done = await on_stage.finished("Level 3")
    found = {
        "download_url": done["data"].get("download_url"),
        "url": done["data"].get("url"),
        "top": done.get("url"),
    }
    assert [where for where, link in found.items() if link] == [place]


@pytest.mark.parametrize("status", [201, 200])
async def test_the_status_of_a_start_can_be_chosen(on_stage: Stage, status: int) -> None:
    on_stage.sandbox.manners.started = status
    body = {"branch_id": None}
    answered, _, _ = await on_stage.ask("POST", f"/projects/{FRUIT_RUSH}/export", json=body)
    assert answered == status


async def test_an_archive_has_its_link_elsewhere(on_stage: Stage) -> None:
    _, job, _ = await on_stage.ask("POST", f"/projects/{FRUIT_RUSH}/export", json={})
    assert job["data"]["branch_id"] == on_stage.sandbox.world.project(FRUIT_RUSH).main.id
    on_stage.pass_(60)
    done = await on_stage.get(f"/jobs/{job['id']}")
    assert done["data"]["url"].startswith("http")
    assert "download_url" not in done["data"]


async def test_the_archive_of_a_corrupt_branch_fails(on_stage: Stage) -> None:
    branches = (await on_stage.get(f"/projects/{FRUIT_RUSH}/branches"))["result"]
    [corrupt] = [branch["id"] for branch in branches if branch["name"] == "corrupt"]
    body = {"branch_id": corrupt}
    _, job, _ = await on_stage.ask("POST", f"/projects/{FRUIT_RUSH}/export", json=body)
    on_stage.pass_(60)
    assert (await on_stage.get(f"/jobs/{job['id']}"))["messages"] == ["Could not read branch"]


@pytest.mark.parametrize(
    ("job_id", "status", "words"),
    [
        ("1", 404, "Job not found"),
        (":123", 500, "Internal Server Error"),
        ("x", 500, "Internal Server Error"),
        ("9" * 400, 500, "Internal Server Error"),
    ],
)
async def test_no_such_job(on_stage: Stage, job_id: str, status: int, words: str) -> None:
    answered, value, _ = await on_stage.ask("GET", f"/jobs/{job_id}")
    assert (answered, value) == (status, {"error": words})


async def test_a_dropped_answer_leaves_an_orphan(on_stage: Stage) -> None:
    on_stage.sandbox.faults.add("apps/download", act=DropAnswer())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await on_stage.start("Level 3")
    assert len(on_stage.sandbox.jobs.all) == 1
    [received] = on_stage.sandbox.books
    assert received.status is None
