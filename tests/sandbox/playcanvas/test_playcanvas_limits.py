from tests.sandbox.playcanvas.playcanvas_stage import FRUIT_RUSH, NOON, Stage

RESET = str(int(NOON.timestamp()) + 48)


def told(headers: dict[str, str]) -> tuple[str | None, ...]:
    return tuple(headers.get(f"X-RateLimit-{name}") for name in ("Limit", "Remaining", "Reset"))


async def test_every_answer_tells_its_limit(on_stage: Stage) -> None:
    for token in (on_stage.sandbox.token, "wrong"):
        before = on_stage.sandbox.limits.normal.spent
        _, _, headers = await on_stage.ask("GET", "/jobs/1", token=token)
        assert told(headers) == ("240", str(239 - before), RESET)
    _, _, headers = await on_stage.ask("GET", "/nowhere")
    assert told(headers) == ("240", "237", RESET)
    _, _, headers = await on_stage.ask("POST", "/apps/download")
    assert told(headers) == ("10", "9", RESET)


async def test_over_the_limit_until_the_window_resets(on_stage: Stage) -> None:
    path = f"/projects/{FRUIT_RUSH}/export"
    answers = [(await on_stage.ask("POST", path, json={}))[0] for _ in range(12)]
    assert answers == [201] * 10 + [429] * 2
    assert len(on_stage.sandbox.jobs.all) == 10
    on_stage.pass_(47)
    status, value, headers = await on_stage.ask("POST", "/apps/download")
    assert (status, value) == (429, {"error": "Too Many Requests"})
    assert told(headers) == ("10", "0", RESET)
    assert "Retry-After" not in headers
    assert (await on_stage.ask("GET", "/ratelimits"))[0] == 200
    on_stage.pass_(1)
    assert (await on_stage.ask("POST", path, json={}))[0] == 201


async def test_the_limits_can_be_set(on_stage: Stage) -> None:
    limits = on_stage.sandbox.limits
    limits.normal.limit, limits.strict.limit = 2, 1
    value = await on_stage.get("/ratelimits")
    assert value.keys() == {"normal", "strict", "assets", "post", "download"}
    assert (value["normal"], value["strict"]) == (2, 1)
    await on_stage.get("/ratelimits")
    assert (await on_stage.ask("GET", "/ratelimits"))[0] == 429


async def test_others_spend_too(on_stage: Stage) -> None:
    on_stage.sandbox.limits.normal.spend(on_stage.now, 200)
    _, _, headers = await on_stage.ask("GET", "/ratelimits")
    assert told(headers) == ("240", "39", RESET)


async def test_headers_can_be_left_out(on_stage: Stage) -> None:
    on_stage.sandbox.limits.told = False
    on_stage.sandbox.limits.normal.limit = 0
    status, _, headers = await on_stage.ask("GET", "/ratelimits")
    assert status == 429
    assert told(headers) == (None, None, None)
