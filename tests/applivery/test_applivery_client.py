"""The two steps, over real sockets against the sandbox's Applivery."""

import asyncio
import io
import json
import plistlib
import zipfile
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession

from bot.applivery import Applivery, BuildStatus, DownloadKind, Location, Platform, itms_url
from bot.applivery.errors import (
    AppliveryError,
    BuildNotProcessed,
    CredentialRefused,
    NotFound,
    OtherError,
    PlanExcludes,
    QuotaUsedUp,
    RateLimited,
    TokenSpent,
    Unavailable,
    UnexpectedAnswer,
)
from bot.sandbox.applivery import demo
from bot.sandbox.applivery.answers import EXPIRY_FORMS
from bot.sandbox.applivery.workspace import Credential, Quota
from bot.sandbox.faults import Call, DropAnswer, Freeze, Reset
from tests.applivery.applivery_room import MINT, RESOLVE, Room, refusal, room

APP, BUILD = demo.ANDROID.id, demo.ANDROID_BUILD
EXPIRY = datetime(2026, 7, 9, 10, 5, tzinfo=UTC)
TOKEN_ANSWER = {"status": True, "data": {"token": "t0ken"}}


async def fetched(here: Room, location: Location) -> bytes:
    async with here.session.get(location.url) as response:
        assert response.status == 200
        return await response.read()


@pytest.mark.parametrize("status", [302, 301, 307, 308, 303])
async def test_a_redirect_of_any_kind_leads_to_the_file(status: int) -> None:
    async with room() as here:
        here.sandbox.manners.redirect = status
        link = await here.client.link(APP, BUILD)
        assert not here.received("/files/")  # not followed
        archive = zipfile.ZipFile(io.BytesIO(await fetched(here, link.location)))
        assert b'versionName="1.4.0"' in archive.read("AndroidManifest.xml")
        assert link.expires_at == EXPIRY
        assert here.pauses == []
        assert here.observed == [("mint", "ok"), ("resolve", "ok")]


async def test_what_is_asked_of_both_hosts() -> None:
    async with room() as here:
        await here.client.link(APP, BUILD, DownloadKind.FILE)
        (minted,), (resolved,) = here.mints, here.resolves
    assert minted.path == (
        f"/applivery/api/v1/organizations/fruit-studio/apps/{APP}/builds/{BUILD}/downloadToken"
    )
    assert minted.query == {"type": "file"}
    assert minted.headers["Authorization"] == f"Bearer {demo.TOKEN}"
    assert minted.headers["Accept"] == "application/json"
    assert "Authorization" not in resolved.headers
    assert demo.TOKEN not in str(resolved.headers)


async def test_apple_installs_from_a_manifest() -> None:
    async with room() as here:
        link = await here.client.link(demo.IOS.id, demo.IOS_BUILD)
        manifest_url = parse_qs(urlsplit(itms_url(link.location)).query)["url"][0]
        manifest = plistlib.loads(await fetched(here, Location.from_header(manifest_url)))
        ipa = manifest["items"][0]["assets"][0]["url"]
        assert urlsplit(manifest_url).path.endswith("/manifest.plist")
        assert (await fetched(here, Location.from_header(ipa))).startswith(b"PK")


@pytest.mark.parametrize(
    ("kind", "app", "build", "suffix"),
    [
        (DownloadKind.AUTO, demo.ANDROID.id, demo.ANDROID_AAB, ".apk"),
        (DownloadKind.AAB, demo.ANDROID.id, demo.ANDROID_AAB, ".aab"),
        (DownloadKind.FILE, demo.IOS.id, demo.IOS_BUILD, ".ipa"),
    ],
)
async def test_each_kind_is_another_file(
    kind: DownloadKind, app: str, build: str, suffix: str
) -> None:
    async with room() as here:
        link = await here.client.link(app, build, kind)
        assert urlsplit(link.location.url).path.endswith(suffix)


async def test_ten_people_at_once_get_ten_tokens() -> None:
    async with room() as here:
        links = await asyncio.gather(*(here.client.link(APP, BUILD) for _ in range(10)))
        assert len({link.location.url for link in links}) == 10
        assert len({each.path for each in here.resolves}) == 10


@pytest.mark.parametrize("form", EXPIRY_FORMS)
async def test_expiry_in_every_form(form: str) -> None:
    async with room() as here:
        here.sandbox.manners.expiry = EXPIRY_FORMS[form]
        link = await here.client.link(APP, BUILD)
    assert link.expires_at == (None if form in ("garbage", "null", "object") else EXPIRY)


async def test_no_expiry_is_none() -> None:
    async with room() as here:
        here.sandbox.manners.names_expiry = False
        assert (await here.client.link(APP, BUILD)).expires_at is None


async def test_a_processing_build_is_left_to_the_caller_then_ready() -> None:
    async with room() as here:
        with pytest.raises(BuildNotProcessed):
            await here.client.link(APP, demo.ANDROID_PROCESSING)
        assert (len(here.mints), here.pauses) == (1, [])
        here.clock[0] += timedelta(seconds=12)
        assert (await here.client.link(APP, demo.ANDROID_PROCESSING)).location.url


async def test_a_build_that_is_never_processed() -> None:
    async with room() as here:
        for _ in range(3):
            with pytest.raises(BuildNotProcessed):
                await here.client.link(APP, demo.ANDROID_STUCK)
            here.clock[0] += timedelta(minutes=1)


async def test_an_unknown_bearer_is_the_admins_business() -> None:
    async with room() as here:
        with pytest.raises(CredentialRefused, match="Service Account") as caught:
            await here.another("nobody").link(APP, BUILD)
        assert "Invalid Token" in caught.value.sentence
        assert len(here.mints) == 1


async def test_a_bearer_that_may_not_mint_is_the_admins_business() -> None:
    async with room() as here:
        here.sandbox.workspace.credentials["app-token"] = Credential(mints=False, app=APP)
        with pytest.raises(CredentialRefused):  # 4004
            await here.another("app-token").link(APP, BUILD)
        assert (await here.another("app-token").build(BUILD)).version == "1.4.0"


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b'{"status": false}', b'"no"'])
async def test_a_plain_401_or_403_is_the_admins_business(status: int, body: bytes) -> None:
    async with room() as here:
        here.answer(MINT, status, body, times=None)
        with pytest.raises(CredentialRefused):
            await here.client.link(APP, BUILD)
        assert (len(here.mints), here.resolves) == (1, [])


async def test_unknown_at_the_first_step_is_final() -> None:
    async with room() as here:
        with pytest.raises(NotFound, match="retention"):
            await here.client.link(APP, "0" * 24)
        with pytest.raises(NotFound):
            await here.client.link(demo.IOS.id, BUILD)
        assert len(here.mints) == 2


async def test_unknown_at_the_second_step_mints_again_once() -> None:
    async with room() as here:
        here.answer(RESOLVE, 404, refusal(3001, "Entity not found"))
        assert (await here.client.link(APP, BUILD)).location.url
        assert (len(here.mints), here.pauses) == (2, [0])


async def test_unknown_at_the_second_step_twice_gives_up() -> None:
    async with room() as here:
        here.answer(RESOLVE, 404, refusal(3001, "Entity not found"), times=None)
        with pytest.raises(TokenSpent, match="already used") as caught:
            await here.client.link(APP, BUILD)
        assert not caught.value.expired
        assert len(here.mints) == 2


async def test_an_expired_token_is_minted_again_once() -> None:
    async with room() as here:
        await _expire_tokens(here, times=1)
        assert (await here.client.link(APP, BUILD)).location.url
        assert len(here.mints) == 2
        assert here.observed[1] == ("resolve", "TokenSpent")


async def test_an_expired_token_twice_gives_up() -> None:
    async with room() as here:
        await _expire_tokens(here, times=None)
        with pytest.raises(TokenSpent, match="expired") as caught:
            await here.client.link(APP, BUILD)
        assert caught.value.expired
        assert len(here.mints) == 2


async def _expire_tokens(here: Room, times: int | None) -> None:
    async def pass_time() -> None:
        here.clock[0] += timedelta(minutes=6)

    here.sandbox.faults.add(RESOLVE, times=times, act=Call(before=pass_time))


async def test_a_token_works_once() -> None:
    async with room() as here:
        token = await here.client.mint(APP, BUILD)
        assert token.expires_at == EXPIRY
        assert (await here.client.resolve(token)).url
        with pytest.raises(TokenSpent):
            await here.client.resolve(token)
        assert (len(here.mints), len(here.resolves)) == (1, 2)


@pytest.mark.parametrize(
    ("status", "body"),
    [(502, b"<html>Bad Gateway</html>"), (200, b""), (200, b"<html>hello</html>"), (500, b"{}")],
)
async def test_no_answer_of_applivery_at_the_first_step_is_tried_twice_more(
    status: int, body: bytes
) -> None:
    async with room() as here:
        here.answer(MINT, status, body, times=2)
        assert (await here.client.link(APP, BUILD)).location.url
        assert (len(here.mints), here.pauses) == (3, [1, 2])

        here.answer(MINT, status, body, times=None)
        with pytest.raises(Unavailable, match=str(status)):
            await here.client.mint(APP, BUILD)
        assert len(here.mints) == 6


@pytest.mark.parametrize("act", [DropAnswer(), Reset()])
async def test_a_broken_connection_at_the_first_step_is_tried_twice_more(
    act: DropAnswer | Reset,
) -> None:
    async with room() as here:
        here.sandbox.faults.add(MINT, times=2, act=act)
        assert (await here.client.link(APP, BUILD)).location.url
        here.sandbox.faults.add(MINT, times=3, act=act)
        with pytest.raises(Unavailable):
            await here.client.link(APP, BUILD)


async def test_silence_is_an_error_of_its_own() -> None:
    async with room(patience=timedelta(milliseconds=50)) as here:
        here.sandbox.faults.add(MINT, times=3, act=Freeze())
        with pytest.raises(Unavailable, match="no answer in time"):
            await here.client.link(APP, BUILD)
        here.sandbox.faults.clear()


async def test_a_lost_answer_at_the_second_step_begins_again_with_a_fresh_token() -> None:
    async with room() as here:
        # The sandbox does the work: the token is spent although nobody heard of it.
        here.sandbox.faults.add(RESOLVE, times=2, act=DropAnswer())
        assert (await here.client.link(APP, BUILD)).location.url
        assert len(here.mints) == 3
        assert len({each.path for each in here.resolves}) == 3


async def test_a_second_step_that_always_breaks_gives_up() -> None:
    async with room() as here:
        here.answer(RESOLVE, 502, b"<html>", times=None)
        with pytest.raises(Unavailable, match="HTTP 502"):
            await here.client.link(APP, BUILD)
        assert (len(here.mints), len(here.resolves)) == (3, 3)


async def test_the_second_step_alone_is_never_repeated() -> None:
    async with room() as here:
        token = await here.client.mint(APP, BUILD)
        here.sandbox.faults.add(RESOLVE, act=DropAnswer())
        with pytest.raises(Unavailable):
            await here.client.resolve(token)
        assert len(here.resolves) == 1


async def test_failures_of_every_kind_together_still_end() -> None:
    async with room() as here:
        for _ in range(3):
            here.answer(MINT, 429)
            here.answer(MINT, 502)
            here.answer(RESOLVE, 404, refusal(3001))
            here.answer(RESOLVE, 429)
        with pytest.raises(AppliveryError):
            await here.client.link(APP, BUILD)
        assert len(here.mints) <= 7


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"status": True, "data": {}}),
        (200, {"status": True}),
        (200, {"status": True, "data": {"token": ""}}),
        (200, {"status": True, "data": {"token": "two words"}}),
        (200, {"status": True, "data": {"token": "\ud800"}}),
        (200, {"status": True, "data": []}),
        (200, {"status": False}),
        (200, {"status": "yes", "data": {"token": "t"}}),
        (200, []),
        (400, {}),
        (302, b""),
    ],
)
async def test_a_first_answer_without_a_token_is_unexpected(status: int, body: object) -> None:
    async with room() as here:
        here.answer(MINT, status, body, times=None)
        with pytest.raises(UnexpectedAnswer):
            await here.client.link(APP, BUILD)
        assert (len(here.mints), here.resolves) == (1, [])


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (302, {}),
        (302, {"Location": ""}),
        (302, {"Location": "http://cdn.example.com/app.apk"}),
        (302, {"Location": "/relative/app.apk"}),
        (302, {"Location": "ftp://cdn.example.com/app.apk"}),
        (302, {"Location": "https:///app.apk"}),
        (302, {"Location": "javascript:alert(1)"}),
        (200, {"Location": "https://cdn.example.com/app.apk"}),
    ],
)
async def test_a_second_answer_that_leads_nowhere_is_unexpected(
    status: int, headers: dict[str, str]
) -> None:
    async with room() as here:
        here.answer(RESOLVE, status, {"status": True}, times=None, **headers)
        with pytest.raises(UnexpectedAnswer) as caught:
            await here.client.link(APP, BUILD)
        assert "app.apk" not in caught.value.sentence
        assert len(here.resolves) == 1


async def test_rate_limited_with_retry_after() -> None:
    async with room() as here:
        here.answer(MINT, 429, Retry_After="7")
        assert (await here.client.link(APP, BUILD)).location.url
        assert here.pauses == [7]


async def test_rate_limited_without_retry_after_waits_2_4_8_seconds() -> None:
    async with room() as here:
        here.answer(MINT, 429, times=3)
        assert (await here.client.link(APP, BUILD)).location.url
        assert here.pauses == [2, 4, 8]

        here.answer(RESOLVE, 429, times=None)
        with pytest.raises(RateLimited):
            await here.client.link(APP, BUILD)
        assert here.pauses[3:] == [2, 4, 8]


async def test_a_retry_after_that_nobody_would_wait_for() -> None:
    async with room() as here:
        here.sandbox.workspace.hourly = 1
        await here.client.mint(APP, BUILD)
        with pytest.raises(RateLimited) as caught:
            await here.client.mint(APP, BUILD)
        assert caught.value.retry_after == timedelta(hours=1)
        assert here.pauses == []


async def test_the_quota_is_told_with_its_figures() -> None:
    async with room() as here:
        here.sandbox.workspace.quota = Quota(limit=1500, num=1500)
        with pytest.raises(QuotaUsedUp, match="1,500 of 1,500") as caught:
            await here.client.link(APP, BUILD)
        assert (caught.value.limit, caught.value.num) == (1500, 1500)


async def test_the_quota_can_run_out_between_the_steps() -> None:
    async with room() as here:
        here.sandbox.workspace.quota = Quota(limit=1)
        first, second = await here.client.mint(APP, BUILD), await here.client.mint(APP, BUILD)
        await here.client.resolve(first)
        with pytest.raises(QuotaUsedUp):
            await here.client.resolve(second)


async def test_the_plan_excludes_links() -> None:
    async with room() as here:
        here.sandbox.workspace.plan_includes_links = False
        with pytest.raises(PlanExcludes):
            await here.client.link(APP, BUILD)


async def test_other_errors_are_passed_on() -> None:
    async with room() as here:
        here.answer(MINT, 400, refusal(9999, "Something <b>else</b>"))
        with pytest.raises(OtherError) as caught:
            await here.client.link(APP, BUILD)
    assert caught.value.sentence == "Applivery error 9999: Something <b>else</b>"
    assert caught.value.code == 9999


async def test_errors_that_come_with_200_and_in_older_words() -> None:
    async with room() as here:
        here.sandbox.manners.errors_come_with_200 = True
        here.sandbox.manners.message_key = "msg"
        with pytest.raises(BuildNotProcessed):
            await here.client.link(APP, demo.ANDROID_STUCK)
        with pytest.raises(NotFound):
            await here.client.link(APP, "0" * 24)
        with pytest.raises(CredentialRefused, match="Invalid Token"):
            await here.another("nobody").link(APP, BUILD)
        here.sandbox.workspace.quota = Quota(limit=3, num=3)
        with pytest.raises(QuotaUsedUp, match="3 of 3"):
            await here.client.link(APP, BUILD)


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
        assert build.size == len(await fetched(here, link.location))
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


async def test_an_answer_too_long_to_be_one_is_not_read_to_its_end() -> None:
    async with room() as here:
        here.answer(MINT, 200, json.dumps(TOKEN_ANSWER).encode() + b" " * (5 * 1024 * 1024))
        await here.client.mint(APP, BUILD)
        assert here.observed == [("mint", "Unavailable"), ("mint", "ok")]


@pytest.mark.parametrize("wrong", ["", "latest", "g" * 24, "0" * 23, "../" * 8, "0" * 24 + "\n"])
async def test_ids_that_cannot_be_one_are_not_asked_for(wrong: str) -> None:
    async with room() as here:
        for attempt in (
            here.client.link(wrong, BUILD),
            here.client.mint(APP, wrong),
            here.client.build(wrong),
            here.client.app(wrong),
        ):
            with pytest.raises(ValueError, match="24 hex"):
                await attempt
        assert here.sandbox.books == []


async def test_a_client_that_could_leak_its_bearer_is_not_made() -> None:
    async with ClientSession(headers={"Authorization": "Bearer x"}) as session:
        with pytest.raises(ValueError, match="download host"):
            Applivery(session, "token", "studio")
    async with ClientSession() as session:
        for token in ("", "two words", "line\nbreak", "smart“quote"):
            with pytest.raises(ValueError, match="Applivery token") as caught:
                Applivery(session, token, "studio")
            assert not token or token not in str(caught.value)
        with pytest.raises(ValueError, match="organization"):
            Applivery(session, "token", "a/b")


async def test_cancelling_cancels() -> None:
    async with room() as here:
        rule = here.sandbox.faults.add(MINT, act=Freeze())
        task = asyncio.create_task(here.client.link(APP, BUILD))
        await rule.hit.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        rule.release()
        assert len(here.mints) == 1
