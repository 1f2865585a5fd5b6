import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.faults import Answer, Call, Delay, DropAnswer, Faults, Freeze, Reset

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def worked() -> list[str]:
    return []


@pytest.fixture
async def client(faults: Faults, worked: list[str]) -> AsyncIterator[Client]:
    async def work(request: web.Request) -> web.Response:
        worked.append(request.path)
        return web.Response(text="done")

    app = web.Application(middlewares=[faults.middleware])
    app.router.add_route("*", "/api/{tail:work.*}", work)
    faults.install(app, "/api")
    async with TestClient(TestServer(app)) as client:
        yield client


async def say(client: Client, path: str = "/api/work") -> str:
    async with client.post(path) as response:
        return f"{response.status} {await response.text()}"


async def test_without_rules_everything_passes(client: Client) -> None:
    assert await say(client) == "200 done"


async def test_answer_replaces_the_work_as_often_as_asked(
    client: Client, faults: Faults, worked: list[str]
) -> None:
    rule = faults.add("work", times=2, act=Answer(502, b"<html>", {"X-Proof": "1"}))
    async with client.post("/api/work") as response:
        assert (response.status, response.headers["X-Proof"]) == (502, "1")
    assert await say(client) == "502 <html>"
    assert worked == []
    assert await say(client) == "200 done"
    assert rule.hits == 2


async def test_times_none_acts_until_cleared(client: Client, faults: Faults) -> None:
    faults.add(times=None, act=Answer(500))
    assert [await say(client) for _ in range(3)] == ["500 "] * 3
    faults.clear()
    assert await say(client) == "200 done"


@pytest.mark.parametrize(
    ("pattern", "path", "meant"),
    [
        ("work", "/api/work", True),
        ("wo*", "/api/work", True),
        ("work", "/api/work/7", False),
        ("work/*", "/api/work/7", True),
        ("/api/work", "/api/work", True),
        ("other/*", "/api/work/7", False),
        ("*", "/api/work/7", True),
        ("WORK", "/api/work", False),
    ],
)
async def test_the_last_path_parts_decide(
    client: Client, faults: Faults, pattern: str, path: str, *, meant: bool
) -> None:
    faults.add(pattern, act=Answer(500))
    assert await say(client, path) == ("500 " if meant else "200 done")


async def test_the_method_decides(client: Client, faults: Faults) -> None:
    faults.add("work", method="get", act=Answer(500))
    assert await say(client) == "200 done"
    async with client.get("/api/work") as response:
        assert response.status == 500


async def test_the_first_rule_that_matches_acts(client: Client, faults: Faults) -> None:
    faults.add("work", act=Answer(500))
    faults.add("work", act=Answer(503))
    assert [await say(client) for _ in range(3)] == ["500 ", "503 ", "200 done"]


async def test_drop_answer_does_the_work_and_says_nothing(
    client: Client, faults: Faults, worked: list[str]
) -> None:
    faults.add("work", act=DropAnswer())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await say(client)
    assert worked == ["/api/work"]
    assert await say(client) == "200 done"


async def test_drop_answer_drops_refusals_too(client: Client, faults: Faults) -> None:
    faults.add("nowhere", act=DropAnswer())
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await say(client, "/api/nowhere")


async def test_reset_does_nothing_but_reset(
    client: Client, faults: Faults, worked: list[str]
) -> None:
    faults.add("work", act=Reset())
    with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
        await say(client)
    assert worked == []


async def test_freeze_holds_until_released(
    client: Client, faults: Faults, worked: list[str]
) -> None:
    rule = faults.add("work", act=Freeze())
    asked = asyncio.create_task(say(client))
    await rule.hit.wait()
    assert await say(client) == "200 done"
    assert worked == ["/api/work"]
    rule.release()
    assert await asked == "200 done"


async def test_clearing_lets_frozen_requests_go(client: Client, faults: Faults) -> None:
    rule = faults.add("work", act=Freeze())
    asked = asyncio.create_task(say(client))
    await rule.hit.wait()
    faults.clear()
    assert await asked == "200 done"


async def test_a_stopping_server_lets_frozen_requests_go(client: Client, faults: Faults) -> None:
    rule = faults.add("work", act=Freeze())
    asked = asyncio.create_task(say(client))
    await rule.hit.wait()
    async with asyncio.timeout(5):
        await client.server.close()
    await asyncio.wait([asked])
    assert faults.rules == []


async def test_delay_outlasts_an_impatient_client(client: Client, faults: Faults) -> None:
    faults.add("work", act=Delay(0.2))
    with pytest.raises(asyncio.TimeoutError):
        await client.post("/api/work", timeout=aiohttp.ClientTimeout(total=0.05))
    faults.add("work", act=Delay(0.01))
    assert await say(client) == "200 done"


async def test_errands_run_before_between_and_after(
    client: Client, faults: Faults, worked: list[str]
) -> None:
    answered = asyncio.Event()

    async def note(what: str) -> None:
        worked.append(what)

    async def after() -> None:
        # Only reached by a client that already has its answer.
        await answered.wait()
        worked.append("after")
        finished.set()

    finished = asyncio.Event()
    call = Call(before=lambda: note("before"), between=lambda: note("between"), after=after)
    faults.add("work", act=call)
    assert await say(client) == "200 done"
    assert worked == ["before", "/api/work", "between"]
    answered.set()
    await finished.wait()
    assert worked[-1] == "after"


async def test_errands_run_around_refusals_too(
    client: Client, faults: Faults, worked: list[str]
) -> None:
    async def note() -> None:
        worked.append("between")

    faults.add("nowhere", act=Call(between=note))
    assert (await say(client, "/api/nowhere")).startswith("404")
    assert worked == ["between"]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ({"kind": "answer", "status": 503, "body": "dünn"}, "503 dünn"),
        ({"kind": "answer", "status": 200, "base64": "eA=="}, "200 x"),
        ({"kind": "delay", "seconds": 0.01}, "200 done"),
    ],
)
async def test_other_programs_add_rules_over_http(
    client: Client, act: dict[str, object], expected: str
) -> None:
    async with client.post("/api/faults", json={"path": "work", "act": act}) as response:
        assert response.status == 201
    assert await say(client) == expected
    async with client.get("/api/faults") as response:
        assert [rule["hits"] for rule in await response.json()] == [1]


@pytest.mark.parametrize("kind", ["drop_answer", "reset"])
async def test_other_programs_cut_connections(client: Client, kind: str) -> None:
    async with client.post("/api/faults", json={"path": "work", "act": {"kind": kind}}):
        pass
    with pytest.raises(aiohttp.ClientConnectionError):
        await say(client)


async def test_other_programs_freeze_and_let_go(client: Client, faults: Faults) -> None:
    async with client.post("/api/faults", json={"times": None, "act": {"kind": "freeze"}}):
        pass
    asked = asyncio.create_task(say(client))
    await faults.rules[0].hit.wait()
    async with client.delete("/api/faults") as response:
        assert response.status == 200
    assert await asked == "200 done"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"act": 1}', b'{"act": {"kind": "explode"}}', b"\xff"]
)
async def test_a_senseless_rule_is_refused(client: Client, faults: Faults, body: bytes) -> None:
    async with client.post("/api/faults", data=body) as response:
        assert response.status == 400
    assert faults.rules == []
