"""Builds and apps, over real sockets against the sandbox's Applivery."""

import pytest

from bot.applivery import BuildStatus, DownloadKind, Platform
from bot.applivery.errors import (
    CredentialRefused,
    NotFound,
    UnexpectedAnswer,
)
from bot.sandbox.applivery import demo
from bot.sandbox.applivery.workspace import Credential
from tests.applivery.applivery_room import room

APP, BUILD = demo.ANDROID.id, demo.ANDROID_BUILD


async def test_builds_newest_first() -> None:
    async with room() as here:
        builds = await here.client.builds(
            platform=Platform.ANDROID, status=BuildStatus.PROCESSED, limit=1
        )
        (newest,) = builds
        assert (newest.version, newest.number) == ("1.4.0", "57")
        assert here.received("integrations")[0].query == {
            "os": "android",
            "status": "processed",
            "limit": "1",
        }
        second = await here.client.builds(platform=Platform.ANDROID, limit=1, page=2)
        assert second[0].id == demo.ANDROID_PROCESSING
        assert [build.id for build in await here.client.builds(version_name="RC-1")] == [BUILD]
        assert len(await here.client.builds()) == 7


async def test_one_build() -> None:
    async with room() as here:
        build = await here.client.build(demo.IOS_BUILD)
        assert (build.app_name, build.package) == ("Fruit Rush", "com.example.fruit.ios")
        assert (build.version, build.number) == ("1.4.0", "44")
        assert build.platform is Platform.IOS
        assert (build.branch, build.commit) == ("main", "0c0ffee")
        link = await here.client.link(demo.IOS.id, demo.IOS_BUILD, DownloadKind.FILE)
        assert build.size == len(await here.fetched(link.location))
        with pytest.raises(NotFound):
            await here.client.build("0" * 24)


async def test_an_app_knows_its_latest_build() -> None:
    async with room() as here:
        app = await here.client.app(APP)
        assert app.android is not None
        assert (app.name, app.slug, app.ios) == ("Fruit Rush", "fruit-android", None)
        assert (app.android.id, app.android.version) == (BUILD, "1.4.0")


async def test_details_are_tried_again_and_refused_by_name() -> None:
    async with room() as here:
        here.answer("apps/*", 503, times=2)
        assert (await here.client.app(APP)).id == APP
        here.answer("builds", 200, {"status": True, "data": {"items": "none"}})
        with pytest.raises(UnexpectedAnswer, match="no list of builds"):
            await here.client.builds()
        here.answer("builds/*", 200, {"status": True, "data": {}})
        with pytest.raises(UnexpectedAnswer, match="no id"):
            await here.client.build(BUILD)
        here.sandbox.workspace.credentials["minter"] = Credential(reads=False)
        with pytest.raises(CredentialRefused):
            await here.another("minter").builds()
