from typing import Any

import pytest

from bot.sandbox.faults import Answer
from tests.sandbox.playcanvas.playcanvas_stage import (
    FOREIGN,
    FREE_PLAN,
    FRUIT_RUSH,
    ODD_NAMES,
    Stage,
)

ROUTES = [
    ("POST", "/apps/download"),
    ("POST", f"/projects/{FRUIT_RUSH}/export"),
    ("GET", "/jobs/1"),
    ("GET", f"/projects/{FRUIT_RUSH}/scenes"),
    ("GET", f"/projects/{FRUIT_RUSH}/branches"),
    ("GET", "/branches/x/checkpoints"),
    ("GET", f"/projects/{FRUIT_RUSH}/apps"),
    ("GET", f"/projects/{FRUIT_RUSH}/app"),
    ("GET", "/apps/1"),
    ("GET", "/ratelimits"),
    ("GET", "/nowhere"),
]


@pytest.mark.parametrize("token", [None, "", "wrong", "sandbox-playcanvas-token-4f1c9"])
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_nothing_without_the_token(
    on_stage: Stage, method: str, path: str, token: str | None
) -> None:
    status, value, _ = await on_stage.ask(method, path, token=token)
    assert (status, value) == (401, {"error": "Unauthorized"})


async def test_unknown_routes_and_methods(on_stage: Stage) -> None:
    assert (await on_stage.ask("GET", "/nowhere"))[:2] == (404, {"error": "Not Found"})
    assert (await on_stage.ask("DELETE", "/jobs/1"))[0] == 405


async def test_scenes_as_the_facts_have_them(on_stage: Stage) -> None:
    value = await on_stage.get(f"/projects/{FRUIT_RUSH}/scenes")
    assert value.keys() == {"result"}
    assert value["result"][0].keys() == {"id", "projectId", "name", "created", "modified"}
    names = [scene["name"] for scene in value["result"]]
    assert {"Main Menu", "Level 1", "Level 3"} < set(names)
    assert value["result"][0]["modified"] == "2024-05-06T07:08:09.101112"


async def test_scenes_of_a_branch(on_stage: Stage) -> None:
    dev = on_stage.sandbox.world.project(FRUIT_RUSH).branches[1]
    dev.scenes = []
    value = await on_stage.get(f"/projects/{FRUIT_RUSH}/scenes?branchId={dev.id}")
    assert value == {"result": []}
    status, value, _ = await on_stage.ask("GET", f"/projects/{FRUIT_RUSH}/scenes?branchId=x")
    assert (status, value) == (404, {"error": "Branch not found"})


async def test_odd_names_are_there(on_stage: Stage) -> None:
    value = await on_stage.get(f"/projects/{ODD_NAMES}/scenes")
    names = [scene["name"] for scene in value["result"]]
    assert {"Arena", "arena", 'The "Big" One', "Crème Brûlée 🍮"} < set(names)
    assert any("<!channel>" in name for name in names)


async def test_a_scene_replaced_under_its_name_has_another_id(on_stage: Stage) -> None:
    before = on_stage.scene("Level 3")
    after = on_stage.sandbox.replace_scene(FRUIT_RUSH, "Level 3")
    assert on_stage.scene("Level 3") == after.id != before
    on_stage.sandbox.remove_scene(FRUIT_RUSH, "Level 3")
    body = {"project_id": FRUIT_RUSH, "name": "x", "scenes": [after.id]}
    status, value, _ = await on_stage.ask("POST", "/apps/download", json=body)
    assert (status, value) == (404, {"error": "Scene not found"})


async def test_open_branches_over_pages(on_stage: Stage) -> None:
    path = f"/projects/{ODD_NAMES}/branches"
    found: list[dict[str, Any]] = []
    more, pages = True, 0
    while more:
        after = f"?skip={found[-1]['id']}" if found else ""
        page = await on_stage.get(path + after)
        found += page["result"]
        more = page["pagination"]["hasMore"]
        pages += 1
    assert pages == 3
    assert len({branch["id"] for branch in found}) == len(found) == 45
    assert found[0].keys() == {
        "id",
        "projectId",
        "name",
        "createdAt",
        "closed",
        "latestCheckpointId",
        "user",
    }


async def test_closed_branches_are_not_listed(on_stage: Stage) -> None:
    value = await on_stage.get(f"/projects/{FRUIT_RUSH}/branches")
    assert [branch["name"] for branch in value["result"]] == [
        "main",
        "dev",
        "feature/jump",
        "corrupt",
    ]


async def test_a_closed_branch_is_gone(on_stage: Stage) -> None:
    closed = on_stage.sandbox.world.project(FRUIT_RUSH).branches[-1]
    path = f"/projects/{FRUIT_RUSH}/scenes?branchId={closed.id}"
    assert closed.closed
    assert (await on_stage.ask("GET", path))[:2] == (404, {"error": "Branch not found"})


async def test_a_page_that_is_just_full_has_no_more(on_stage: Stage) -> None:
    on_stage.sandbox.manners.page_size = 45
    page = await on_stage.get(f"/projects/{ODD_NAMES}/branches")
    assert len(page["result"]) == 45
    assert page["pagination"] == {"hasMore": False}


async def test_checkpoints_newest_first_over_pages(on_stage: Stage) -> None:
    branch = (await on_stage.get(f"/projects/{FRUIT_RUSH}/branches"))["result"][0]
    path = f"/branches/{branch['id']}/checkpoints?limit=50"
    first = await on_stage.get(path)
    rest = await on_stage.get(f"{path}&skip={first['result'][-1]['id']}")
    found = first["result"] + rest["result"]
    assert [page["pagination"]["hasMore"] for page in (first, rest)] == [True, False]
    assert len(first["result"]) == 50
    assert len({checkpoint["id"] for checkpoint in found}) == 64
    assert found[0]["id"] == branch["latestCheckpointId"]
    assert found == sorted(found, key=lambda each: str(each["createdAt"]), reverse=True)
    assert found[0]["user"]["fullName"] == "Ann Orak"


async def test_what_is_checked_in_is_the_latest_of_the_main_branch(on_stage: Stage) -> None:
    made = [on_stage.sandbox.check_in(FRUIT_RUSH) for _ in range(2)]
    branch = (await on_stage.get(f"/projects/{FRUIT_RUSH}/branches"))["result"][0]
    assert branch["latestCheckpointId"] == made[1].id
    found = (await on_stage.get(f"/branches/{branch['id']}/checkpoints?limit=3"))["result"]
    assert [each["id"] for each in found[:2]] == [made[1].id, made[0].id]
    assert len({each["id"] for each in found}) == 3


@pytest.mark.parametrize("query", ["limit=51", "limit=0", "limit=x", "limit=-1", "skip=x"])
async def test_wrong_pages_are_refused(on_stage: Stage, query: str) -> None:
    branch = on_stage.sandbox.world.project(FRUIT_RUSH).main.id
    status, value, _ = await on_stage.ask("GET", f"/branches/{branch}/checkpoints?{query}")
    assert status == 400
    assert value.keys() == {"error"}


async def test_apps_by_offset(on_stage: Stage) -> None:
    path = f"/projects/{FRUIT_RUSH}/apps"
    first, rest = await on_stage.get(path), await on_stage.get(f"{path}?skip=16&limit=50")
    assert first["pagination"] == {"limit": 16, "skip": 0, "total": 23}
    assert [len(page["result"]) for page in (first, rest)] == [16, 7]
    assert (await on_stage.get(f"/projects/{FRUIT_RUSH}/app")) == first["result"][0]
    assert first["result"][0]["version"] == "1.22"
    oldest = (await on_stage.get(f"{path}?order=1"))["result"][0]
    assert (await on_stage.get(f"/apps/{oldest['id']}"))["version"] == "1.0"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/projects/1/scenes", 404, "Project not found"),
        (f"/projects/{FOREIGN}/scenes", 403, "Forbidden"),
        (f"/projects/{FOREIGN}/branches", 403, "Forbidden"),
        (f"/projects/{ODD_NAMES}/app", 404, "App not found"),
        ("/apps/1", 404, "App not found"),
        ("/projects/x/scenes", 404, "Not Found"),
        ("/branches/x/checkpoints", 404, "Branch not found"),
    ],
)
async def test_refusals(on_stage: Stage, path: str, status: int, words: str) -> None:
    answered, value, _ = await on_stage.ask("GET", path)
    assert (answered, value) == (status, {"error": words})


async def test_a_plan_without_exports(on_stage: Stage) -> None:
    scenes = [on_stage.scene("Main", FREE_PLAN)]
    body = {"project_id": FREE_PLAN, "name": "x", "scenes": scenes}
    for path in ("/apps/download", f"/projects/{FREE_PLAN}/export"):
        status, value, _ = await on_stage.ask("POST", path, json=body)
        assert (status, value) == (403, {"error": "Invalid plan"})
    assert (await on_stage.get(f"/projects/{FREE_PLAN}/scenes"))["result"]


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"project_id": None}, 400, "project_id must be an integer"),
    ({"project_id": "543988"}, 400, "project_id must be an integer"),
    ({"project_id": True}, 400, "project_id must be an integer"),
    ({"project_id": 1}, 404, "Project not found"),
    ({"name": None}, 400, "name is required"),
    ({"name": ""}, 400, "name is required"),
    ({"name": 5}, 400, "name must be a string"),
    ({"name": "x" * 1000}, 400, "name is longer than 999 characters"),
    ({"description": "x" * 10_000}, 400, "description is longer than 9999 characters"),
    ({"version": "x" * 21}, 400, "version is longer than 20 characters"),
    ({"release_notes": "x" * 10_001}, 400, "release_notes is longer than 10000 characters"),
    ({"scenes": []}, 400, "scenes must be a list with at least one scene id"),
    ({"scenes": None}, 400, "scenes must be a list with at least one scene id"),
    ({"scenes": "Level 3"}, 400, "scenes must be a list with at least one scene id"),
    ({"scenes": ["470001"]}, 400, "scenes must be a list of integers"),
    ({"scenes": [1]}, 404, "Scene not found"),
    ({"branch_id": "x"}, 404, "Branch not found"),
    ({"branch_id": 5}, 400, "branch_id must be a string"),
    ({"format": "zip"}, 400, "format must be one of static, npm"),
    ({"target": "android"}, 400, "target must be one of web, ios"),
    ({"engine_version": "newest"}, 400, "engine_version is not a known version"),
    ({"scripts_minify": "yes"}, 400, "scripts_minify must be a boolean"),
    ({"preload_bundle": 1}, 400, "preload_bundle must be a boolean"),
    (
        {"scripts_sourcemaps": True},
        400,
        "scripts_sourcemaps needs scripts_concatenate and scripts_minify",
    ),
    (
        {"scripts_sourcemaps": True, "scripts_concatenate": True, "scripts_minify": False},
        400,
        "scripts_sourcemaps needs scripts_concatenate and scripts_minify",
    ),
]


@pytest.mark.parametrize(("change", "status", "words"), WRONG)
async def test_an_export_is_held_to_the_limits(
    on_stage: Stage, change: dict[str, Any], status: int, words: str
) -> None:
    scenes = [on_stage.scene("Level 3")]
    body = {"project_id": FRUIT_RUSH, "name": "x", "scenes": scenes} | change
    answered, value, _ = await on_stage.ask("POST", "/apps/download", json=body)
    assert (answered, value) == (status, {"error": words})
    assert on_stage.sandbox.jobs.all == {}


async def test_the_longest_that_is_allowed(on_stage: Stage) -> None:
    lengths = {"name": 999, "description": 9_999, "version": 20, "release_notes": 10_000}
    longest: dict[str, Any] = {name: "x" * most for name, most in lengths.items()}
    await on_stage.start("Level 3", **longest)


@pytest.mark.parametrize(
    "kwargs",
    [
        {"data": b"{}", "headers_": None},
        {"data": b"{", "headers_": "application/json"},
        {"data": b"[]", "headers_": "application/json"},
        {"data": b"[" * 100_000, "headers_": "application/json"},
    ],
)
async def test_bodies_that_are_no_order(on_stage: Stage, kwargs: dict[str, Any]) -> None:
    kind = kwargs.pop("headers_") or "text/plain"
    headers = {"Content-Type": kind, "Authorization": f"Bearer {on_stage.sandbox.token}"}
    for path in ("apps/download", f"projects/{FRUIT_RUSH}/export"):
        url = f"{on_stage.url}/api/{path}"
        async with on_stage.session.post(url, headers=headers, **kwargs) as answer:
            assert answer.status == 400
            assert (await answer.json()).keys() == {"error"}


async def test_the_older_names_are_understood(on_stage: Stage) -> None:
    scene = on_stage.scene("Level 3")
    job = await on_stage.start(
        scenes=None, source_pack_ids=[scene], script_concatenate=True, target="ios"
    )
    assert (job["data"]["scenes"], job["data"]["concatenate"]) == ([scene], True)
    assert job["data"]["target"] == "ios"


async def test_the_engine_defaults_silently_unless_required(on_stage: Stage) -> None:
    assert (await on_stage.start("Level 3"))["data"]["engineVersion"] == "2.20.6"
    on_stage.sandbox.manners.default_engine = None
    body = {"project_id": FRUIT_RUSH, "name": "x", "scenes": [on_stage.scene("Level 3")]}
    status, value, _ = await on_stage.ask("POST", "/apps/download", json=body)
    assert (status, value) == (400, {"error": "engine_version is required"})


async def test_the_books_hold_every_request(on_stage: Stage) -> None:
    on_stage.sandbox.faults.add("ratelimits", act=Answer(502, b"<html>"))
    body = {"project_id": 1}
    await on_stage.ask("POST", "/apps/download", json=body)
    async with on_stage.session.get(f"{on_stage.url}/api/ratelimits?a=b") as answer:
        assert answer.status == 502
    async with on_stage.session.get(f"{on_stage.url}/download/x/y.zip") as answer:
        assert answer.status == 404
    start, limits, download = on_stage.sandbox.books
    assert (start.method, start.path, start.body) == ("POST", "/api/apps/download", body)
    assert (start.at, start.status) == (on_stage.now, 404)
    assert (start.token, start.rate_class) == (on_stage.sandbox.token, "strict")
    assert (limits.path, limits.query, limits.status) == ("/api/ratelimits", {"a": "b"}, 502)
    assert (limits.token, limits.rate_class) == (None, "normal")
    assert (download.path, download.rate_class) == ("/download/x/y.zip", None)
    assert on_stage.sandbox.token not in repr(start)
