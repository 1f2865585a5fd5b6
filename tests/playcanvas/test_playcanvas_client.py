import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aioresponses import aioresponses
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from bot.playcanvas import (
    AppExport,
    Invalid,
    Limits,
    NotAllowed,
    NotFound,
    PlayCanvas,
    PlayCanvasError,
    RateClass,
    RateLimit,
    RateLimited,
    RemoteStatus,
    Unavailable,
    Unexpected,
)
from tests.playcanvas.recorder import TOKEN, Recorder

BASE = "https://playcanvas.com/api"
EXPORT = AppExport(project_id=543988, name="Fruit Rush", scenes=(3, 1))
RUNNING = {"id": 7, "status": "running"}
HEADERS = {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "9", "X-RateLimit-Reset": "60"}
LIMIT = RateLimit(10, 9, datetime(1970, 1, 1, 0, 1, tzinfo=UTC))

Calls = dict[str, Callable[[PlayCanvas], Awaitable[object]]]
STARTS: Calls = {
    "/apps/download": lambda playcanvas: playcanvas.start_build(EXPORT),
    "/projects/1/export": lambda playcanvas: playcanvas.start_archive(1),
}
LOOKS: Calls = {"/jobs/7": lambda playcanvas: playcanvas.job(7)}
LISTINGS: Calls = {
    "/projects/1/scenes": lambda playcanvas: playcanvas.scenes(1),
    "/projects/1/branches": lambda playcanvas: playcanvas.branches(1),
    "/branches/b/checkpoints?limit=50": lambda playcanvas: playcanvas.checkpoints("b"),
    "/projects/1/apps?limit=50&order=-1&skip=0&sort=created_at": lambda playcanvas: playcanvas.apps(
        1
    ),
    "/projects/1/app": lambda playcanvas: playcanvas.primary_app(1),
    "/ratelimits": lambda playcanvas: playcanvas.limits(),
}
ALL = STARTS | LOOKS | LISTINGS


def sent(api: aioresponses) -> list[tuple[str, URL, dict[str, Any]]]:
    return [
        (method, url, call.kwargs)
        for (method, url), calls in api.requests.items()
        for call in calls
    ]


def method_of(path: str) -> str:
    return "POST" if path in STARTS else "GET"


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_any_2xx_has_started_the_build(
    api: aioresponses, playcanvas: PlayCanvas, status: int
) -> None:
    api.post(f"{BASE}/apps/download", status=status, payload=RUNNING)
    job = await playcanvas.start_build(replace(EXPORT, scripts_minify=False, target="ios"))
    assert (job.id, job.status) == (7, RemoteStatus.RUNNING)
    [(_, _, request)] = sent(api)
    assert request["json"] == {
        "project_id": 543988,
        "name": "Fruit Rush",
        "scenes": [3, 1],
        "scripts_minify": False,
        "target": "ios",
    }
    assert request["headers"]["Authorization"] == f"Bearer {TOKEN}"


async def test_an_archive_of_a_branch(api: aioresponses, playcanvas: PlayCanvas) -> None:
    api.post(f"{BASE}/projects/1/export", payload=RUNNING)
    await playcanvas.start_archive(1, "b")
    [(_, _, request)] = sent(api)
    assert request["json"] == {"branch_id": "b"}


async def test_a_job_that_is_complete_at_once(api: aioresponses, playcanvas: PlayCanvas) -> None:
    done = {"id": 7, "status": "complete", "data": {"download_url": "https://example.com/z"}}
    api.post(f"{BASE}/apps/download", status=201, payload=done)
    assert (await playcanvas.start_build(EXPORT)).url == "https://example.com/z"


async def test_permit_send_learn_decipher(
    api: aioresponses, playcanvas: PlayCanvas, recorder: Recorder
) -> None:
    api.post(f"{BASE}/apps/download", payload=RUNNING, headers=HEADERS)
    api.get(f"{BASE}/jobs/7", status=404, payload={"error": "Job not found"}, headers=HEADERS)
    await playcanvas.start_build(EXPORT)
    with pytest.raises(NotFound):
        await playcanvas.job(7)
    assert recorder.order == ["permit", "learn", "observe"] * 2
    assert recorder.permits == [RateClass.STRICT, RateClass.NORMAL]
    assert recorder.learned == [
        (RateClass.STRICT, LIMIT, False),
        (RateClass.NORMAL, LIMIT, False),
    ]
    assert recorder.observed == [
        ("POST /apps/download", "ok"),
        ("GET /jobs/{id}", "not_found"),
    ]


@pytest.mark.parametrize("path", ALL)
async def test_a_429_is_learned_from_and_not_repeated(
    api: aioresponses, playcanvas: PlayCanvas, recorder: Recorder, path: str
) -> None:
    api.add(f"{BASE}{path}", method_of(path), status=429, headers=HEADERS, repeat=True)
    with pytest.raises(RateLimited) as caught:
        await ALL[path](playcanvas)
    assert caught.value.limit == LIMIT
    assert [(limit, refused) for _, limit, refused in recorder.learned] == [(LIMIT, True)]
    assert len(recorder.permits) == 1


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("trouble", [500, aiohttp.ServerDisconnectedError, TimeoutError, OSError])
async def test_only_listings_are_tried_twice_each_with_a_permit(
    api: aioresponses,
    playcanvas: PlayCanvas,
    recorder: Recorder,
    path: str,
    trouble: int | type[Exception],
) -> None:
    if isinstance(trouble, int):
        api.add(f"{BASE}{path}", method_of(path), status=trouble, repeat=True)
    else:
        api.add(f"{BASE}{path}", method_of(path), exception=trouble(), repeat=True)
    with pytest.raises(Unavailable):
        await ALL[path](playcanvas)
    tries = 2 if path in LISTINGS else 1
    assert len(sent(api)) == len(recorder.permits) == tries
    assert [result for _, result in recorder.observed] == ["unavailable"] * tries


@pytest.mark.parametrize("path", LISTINGS)
@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (403, NotAllowed), (400, Invalid)])
async def test_a_refused_listing_is_not_repeated(
    api: aioresponses, playcanvas: PlayCanvas, path: str, status: int, error: type[Exception]
) -> None:
    api.get(f"{BASE}{path}", status=status, repeat=True)
    with pytest.raises(error):
        await LISTINGS[path](playcanvas)
    assert len(sent(api)) == 1


async def test_the_second_try_is_enough(api: aioresponses, playcanvas: PlayCanvas) -> None:
    api.get(f"{BASE}/ratelimits", status=502, body="<html>")
    api.get(f"{BASE}/ratelimits", payload={"normal": 120, "strict": 5})
    assert await playcanvas.limits() == Limits(normal=120, strict=5)


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"error": "Project not found"}'])
async def test_rubbish_with_a_200_is_unexpected(
    api: aioresponses, playcanvas: PlayCanvas, recorder: Recorder, path: str, body: bytes
) -> None:
    api.add(f"{BASE}{path}", method_of(path), body=body, repeat=True)
    with pytest.raises(Unexpected):
        await ALL[path](playcanvas)
    assert [result for _, result in recorder.observed] == ["unexpected"]


async def test_scenes_of_a_branch(api: aioresponses, playcanvas: PlayCanvas) -> None:
    api.get(f"{BASE}/projects/1/scenes?branchId=b", payload={"result": [{"id": 3, "name": "L"}]})
    assert [scene.id for scene in await playcanvas.scenes(1, "b")] == [3]


def page(*ids: object, more: bool) -> dict[str, object]:
    return {"result": [{"id": id_} for id_ in ids], "pagination": {"hasMore": more}}


async def test_branches_on_three_pages(
    api: aioresponses, playcanvas: PlayCanvas, recorder: Recorder
) -> None:
    api.get(f"{BASE}/projects/1/branches", payload=page("a", "b", more=True))
    api.get(f"{BASE}/projects/1/branches?skip=b", payload=page("c", more=True))
    api.get(f"{BASE}/projects/1/branches?skip=c", payload=page("d", more=False))
    assert [branch.id for branch in await playcanvas.branches(1)] == ["a", "b", "c", "d"]
    assert len(recorder.permits) == 3


async def test_pages_that_repeat_themselves_come_to_an_end(
    api: aioresponses, playcanvas: PlayCanvas
) -> None:
    api.get(f"{BASE}/projects/1/branches", payload=page("a", "b", more=True))
    api.get(f"{BASE}/projects/1/branches?skip=b", payload=page("a", "b", more=True), repeat=True)
    assert [branch.id for branch in await playcanvas.branches(1)] == ["a", "b"]
    api.get(f"{BASE}/projects/2/branches", payload=page(more=True), repeat=True)
    assert await playcanvas.branches(2) == ()


async def test_checkpoints_no_more_than_asked(api: aioresponses, playcanvas: PlayCanvas) -> None:
    first = page(*range(50), more=True)
    api.get(f"{BASE}/branches/b/checkpoints?limit=50", payload=first)
    api.get(
        f"{BASE}/branches/b/checkpoints?limit=50&skip=49", payload=page(*range(50, 99), more=True)
    )
    found = await playcanvas.checkpoints("b", most=60)
    assert [checkpoint.id for checkpoint in found] == [str(id_) for id_ in range(60)]
    assert len(sent(api)) == 2


async def test_checkpoints_no_further_than_the_one_that_is_known(
    api: aioresponses, playcanvas: PlayCanvas
) -> None:
    api.get(f"{BASE}/branches/b/checkpoints?limit=50", payload=page("c", "b", "a", more=True))
    found = await playcanvas.checkpoints("b", most=200, until="b")
    assert [checkpoint.id for checkpoint in found] == ["c", "b", "a"]
    assert len(sent(api)) == 1


async def test_a_closed_branch_is_not_there(api: aioresponses, playcanvas: PlayCanvas) -> None:
    branches = [{"id": "a", "closed": True}, {"id": "b", "closed": False}, {"id": "c"}]
    api.get(f"{BASE}/projects/1/branches", payload={"result": branches})
    assert [branch.id for branch in await playcanvas.branches(1)] == ["b", "c"]


@pytest.mark.parametrize("said", [{}, {"status": "pending"}, {"status": None}, {"status": []}])
async def test_a_start_that_is_answered_with_an_id_has_begun(
    api: aioresponses, playcanvas: PlayCanvas, said: dict[str, object]
) -> None:
    api.post(f"{BASE}/projects/1/export", status=202, payload={"id": 5} | said)
    started = await playcanvas.start_archive(1)
    assert (started.id, started.status) == (5, "running")


@pytest.mark.parametrize("body", [{"error": "x"}, {"id": 5, "error": "x"}, {"status": "running"}])
async def test_a_start_without_an_id_or_with_an_error_has_not(
    api: aioresponses, playcanvas: PlayCanvas, body: dict[str, object]
) -> None:
    api.post(f"{BASE}/projects/1/export", status=200, payload=body)
    with pytest.raises(Unexpected):
        await playcanvas.start_archive(1)


async def test_apps_are_counted_through_their_pages(
    api: aioresponses, playcanvas: PlayCanvas
) -> None:
    at = f"{BASE}/projects/1/apps?limit=50&order=-1&sort=created_at&skip="
    for skip, ids in ((0, range(50)), (50, range(50, 80))):
        pagination = {"limit": 50, "skip": skip, "total": 80}
        payload = {"result": [{"id": id_} for id_ in ids], "pagination": pagination}
        api.get(f"{at}{skip}", payload=payload)
    assert [app.id for app in await playcanvas.apps(1)] == list(range(80))


async def test_apps_without_a_total_are_one_page(api: aioresponses, playcanvas: PlayCanvas) -> None:
    at = f"{BASE}/projects/1/apps?limit=16&order=-1&sort=created_at&skip=0"
    api.get(at, payload={"result": [{"id": 9, "name": "Fruit Rush"}]})
    assert [app.name for app in await playcanvas.apps(1, most=16)] == ["Fruit Rush"]


async def test_another_base_url(
    api: aioresponses, session: aiohttp.ClientSession, recorder: Recorder
) -> None:
    playcanvas = PlayCanvas(session, TOKEN, base_url="http://127.0.0.1:1/api/", limiter=recorder)
    api.get("http://127.0.0.1:1/api/jobs/7", payload=RUNNING)
    assert (await playcanvas.job(7)).id == 7


ECHO = f"Bad token {TOKEN}"


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 401, "payload": {"error": ECHO}},
        {"status": 403, "body": ECHO},
        {"status": 500, "payload": {"error": ECHO}},
        {"status": 200, "payload": {"error": ECHO}},
        {"status": 200, "payload": {"id": 7, "status": TOKEN}},
        {"status": 200, "body": TOKEN},
        {"status": 404, "body": TOKEN},
        {
            "exception": aiohttp.ClientResponseError(
                aiohttp.RequestInfo(
                    URL(BASE),
                    "GET",
                    CIMultiDictProxy(CIMultiDict({"Authorization": f"Bearer {TOKEN}"})),
                    URL(BASE),
                ),
                (),
                message=ECHO,
            )
        },
    ],
)
async def test_the_token_is_in_no_exception_repr_or_log(
    api: aioresponses,
    playcanvas: PlayCanvas,
    caplog: pytest.LogCaptureFixture,
    answer: dict[str, Any],
) -> None:
    caplog.set_level(logging.DEBUG)
    api.get(f"{BASE}/jobs/7", **answer)
    api.get(f"{BASE}/ratelimits", repeat=True, **answer)
    for ask in (playcanvas.job(7), playcanvas.limits()):
        with pytest.raises(PlayCanvasError) as caught:
            await ask
        error: BaseException | None = caught.value
        assert TOKEN not in "".join(traceback.format_exception(caught.value))
        while error is not None:
            assert TOKEN not in f"{error!r} {error} {vars(error)}"
            error = error.__cause__ or error.__context__
    assert TOKEN not in repr(playcanvas)
    assert TOKEN not in caplog.text
