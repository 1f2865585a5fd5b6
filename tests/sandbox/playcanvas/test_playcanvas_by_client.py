"""The bot's client and the sandbox were written apart, from the same facts: they agree."""

from datetime import timedelta

import pytest

from bot.playcanvas import (
    AppExport,
    Invalid,
    Limits,
    NotAllowed,
    NotFound,
    PlayCanvas,
    RateClass,
    RateLimit,
    RateLimited,
    RemoteStatus,
    Unavailable,
)
from bot.sandbox.faults import Answer
from tests.sandbox.playcanvas.playcanvas_stage import (
    FOREIGN,
    FREE_PLAN,
    FRUIT_RUSH,
    ODD_NAMES,
    Stage,
)


class Generous:
    """Permits everything and remembers what it heard last."""

    heard: tuple[RateClass, RateLimit, bool] | None = None

    async def permit(self, rate_class: RateClass) -> None:
        assert rate_class in RateClass

    async def learn(self, rate_class: RateClass, limit: RateLimit, *, refused: bool) -> None:
        self.heard = (rate_class, limit, refused)


@pytest.fixture
def limiter() -> Generous:
    return Generous()


@pytest.fixture
def client(on_stage: Stage, limiter: Generous) -> PlayCanvas:
    return PlayCanvas(
        on_stage.session, on_stage.sandbox.token, base_url=f"{on_stage.url}/api", limiter=limiter
    )


async def test_from_names_to_a_link(on_stage: Stage, client: PlayCanvas) -> None:
    scenes = {scene.name: scene.id for scene in await client.scenes(FRUIT_RUSH)}
    branches = {branch.name: branch for branch in await client.branches(FRUIT_RUSH)}
    export = AppExport(
        project_id=FRUIT_RUSH,
        name="Fruit Rush",
        scenes=(scenes["Level 3"],),
        branch_id=branches["dev"].id,
        engine_version="2.1.0",
    )
    job = await client.start_build(export)
    assert (job.status, job.created_at) == (RemoteStatus.RUNNING, on_stage.now)
    on_stage.pass_(60)
    done = await client.job(job.id)
    assert (done.status, done.engine_version, done.messages) == (RemoteStatus.COMPLETE, "2.1.0", ())
    assert done.url is not None
    assert done.modified_at is not None
    assert done.created_at is not None
    assert timedelta(seconds=6) < done.modified_at - done.created_at < timedelta(seconds=10)
    async with on_stage.session.get(done.url) as answer:
        assert (await answer.read()).startswith(b"PK")


async def test_every_listing(client: PlayCanvas) -> None:
    assert len(await client.branches(ODD_NAMES)) == 45
    main = (await client.branches(FRUIT_RUSH))[0]
    assert len(await client.checkpoints(main.id)) == 50
    everything = await client.checkpoints(main.id, most=200)
    assert len(everything) == 64
    assert everything[0].id == main.latest_checkpoint_id
    assert len(await client.apps(FRUIT_RUSH)) == 23
    assert (await client.primary_app(FRUIT_RUSH)).version == "1.22"
    assert await client.limits() == Limits(normal=240, strict=10)


async def test_an_archive(on_stage: Stage, client: PlayCanvas) -> None:
    job = await client.start_archive(FRUIT_RUSH)
    on_stage.pass_(60)
    assert (await client.job(job.id)).url


async def test_failures_in_the_servers_words(on_stage: Stage, client: PlayCanvas) -> None:
    scene = on_stage.scene("Broken Shaders")
    job = await client.start_build(AppExport(FRUIT_RUSH, "x", (scene,)))
    on_stage.pass_(60)
    done = await client.job(job.id)
    assert done.status is RemoteStatus.ERROR
    assert done.messages[0] == "Could not export"
    assert len(done.messages) == 2


async def test_refusals_by_name(on_stage: Stage, client: PlayCanvas, limiter: Generous) -> None:
    with pytest.raises(NotFound, match="Project not found"):
        await client.scenes(1)
    with pytest.raises(NotAllowed, match="Forbidden"):
        await client.scenes(FOREIGN)
    with pytest.raises(NotAllowed, match="Invalid plan"):
        await client.start_archive(FREE_PLAN)
    with pytest.raises(Invalid, match="at least one scene"):
        await client.start_build(AppExport(FRUIT_RUSH, "x", ()))
    stranger = PlayCanvas(
        on_stage.session, "wrong", base_url=f"{on_stage.url}/api", limiter=limiter
    )
    with pytest.raises(NotAllowed, match="Unauthorized"):
        await stranger.limits()


async def test_limits_by_name(on_stage: Stage, client: PlayCanvas, limiter: Generous) -> None:
    on_stage.sandbox.limits.strict.limit = 0
    with pytest.raises(RateLimited):
        await client.start_archive(FRUIT_RUSH)
    assert limiter.heard is not None
    rate_class, limit, refused = limiter.heard
    assert (rate_class, limit.remaining, refused) == (RateClass.STRICT, 0, True)
    assert limit.reset == on_stage.now.replace(second=0, microsecond=0) + timedelta(minutes=1)


async def test_trouble_by_name(on_stage: Stage, client: PlayCanvas) -> None:
    on_stage.sandbox.faults.add("jobs/*", act=Answer(502, b"<html>"))
    with pytest.raises(Unavailable, match="502"):
        await client.job(1)
