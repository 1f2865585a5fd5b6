import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.playcanvas import NotFound, PlayCanvas, Unavailable, Unexpected
from bot.playcanvas.client import MOST_BYTES
from bot.sandbox.faults import Answer, DropAnswer, Faults, Freeze, Reset
from tests.playcanvas.recorder import TOKEN, Recorder

RUNNING = {"id": 7, "status": "running"}


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def received() -> list[web.Request]:
    return []


@pytest.fixture
async def server(faults: Faults, received: list[web.Request]) -> AsyncIterator[TestServer]:
    async def answer(request: web.Request) -> web.Response:
        received.append(request)
        return web.json_response(RUNNING)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"1" * 2**16)

    app = web.Application(middlewares=[faults.middleware])
    app.router.add_get("/api/jobs/666", endless)
    app.router.add_route("*", "/{tail:.*}", answer)
    server = TestServer(app)
    async with server:
        yield server
        faults.clear()


@pytest.fixture
def client(server: TestServer, session: aiohttp.ClientSession, recorder: Recorder) -> PlayCanvas:
    return PlayCanvas(session, TOKEN, base_url=str(server.make_url("/api")), limiter=recorder)


async def test_a_request_as_it_arrives(client: PlayCanvas, received: list[web.Request]) -> None:
    assert (await client.job(7)).id == 7
    await client.start_archive(1, "b/ä")
    look, start = received
    assert (look.method, look.path_qs, look.can_read_body) == ("GET", "/api/jobs/7", False)
    assert look.headers["Authorization"] == f"Bearer {TOKEN}"
    assert start.headers["Content-Type"] == "application/json"


async def test_ids_cannot_leave_their_place_in_the_path(
    client: PlayCanvas, received: list[web.Request]
) -> None:
    with pytest.raises(Unexpected):
        await client.checkpoints("../../x?y#z")
    assert received[0].raw_path == "/api/branches/..%2F..%2Fx%3Fy%23z/checkpoints?limit=50"


@pytest.mark.parametrize("act", [DropAnswer(), Reset()])
async def test_aiohttp_sends_nothing_again_by_itself(
    client: PlayCanvas, faults: Faults, recorder: Recorder, act: DropAnswer | Reset
) -> None:
    await client.job(7)  # from here on there is a connection that aiohttp would distrust
    rule = faults.add("jobs/7", times=None, act=act)
    with pytest.raises(Unavailable, match="the connection broke"):
        await client.job(7)
    assert rule.hits == 1
    assert len(recorder.permits) == 2


async def test_a_redirect_is_not_followed(
    client: PlayCanvas, faults: Faults, received: list[web.Request]
) -> None:
    faults.add("jobs/7", act=Answer(302, headers={"Location": "/elsewhere"}))
    with pytest.raises(Unexpected, match="302"):
        await client.job(7)
    assert received == []


async def test_no_answer_in_time(
    server: TestServer, session: aiohttp.ClientSession, recorder: Recorder, faults: Faults
) -> None:
    faults.add("jobs/7", act=Freeze())
    url = str(server.make_url("/api"))
    client = PlayCanvas(
        session, TOKEN, base_url=url, limiter=recorder, timeout=timedelta(seconds=0.05)
    )
    with pytest.raises(Unavailable, match=r"no answer within 0\.05 s"):
        await client.job(7)


async def test_nobody_there(
    session: aiohttp.ClientSession, recorder: Recorder, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/api"
    client = PlayCanvas(session, TOKEN, base_url=url, limiter=recorder)
    with pytest.raises(Unavailable, match="no connection"):
        await client.job(7)


async def test_a_body_without_end_is_cut(client: PlayCanvas) -> None:
    with pytest.raises(Unexpected, match="instead of JSON"):
        await client.job(666)


async def test_a_long_body_is_read(client: PlayCanvas, faults: Faults) -> None:
    most = json.dumps(RUNNING).encode().ljust(MOST_BYTES)
    faults.add("jobs/7", act=Answer(200, most))
    assert (await client.job(7)).id == 7


async def test_a_compressed_bomb_is_cut(client: PlayCanvas, faults: Faults) -> None:
    bomb = gzip.compress(b"0" * (16 * MOST_BYTES))
    faults.add("jobs/7", act=Answer(404, bomb, {"Content-Encoding": "gzip"}))
    with pytest.raises(NotFound, match="no reason given"):
        await client.job(7)


async def test_a_body_that_is_not_as_announced(client: PlayCanvas, faults: Faults) -> None:
    faults.add("jobs/7", act=Answer(200, b"{}", {"Content-Encoding": "gzip"}))
    with pytest.raises(Unavailable, match="the connection broke"):
        await client.job(7)


async def test_stopping_the_bot_stops_the_request(client: PlayCanvas, faults: Faults) -> None:
    rule = faults.add("jobs/7", act=Freeze())
    look = asyncio.create_task(client.job(7))
    await rule.hit.wait()
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
