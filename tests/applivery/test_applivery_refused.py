"""What Applivery refuses, by name and for good, over real sockets."""

import pytest

from bot.applivery.errors import (
    BuildNotProcessed,
    CredentialRefused,
    NotFound,
    OtherError,
    PlanExcludes,
    QuotaUsedUp,
    UnexpectedAnswer,
)
from bot.sandbox.applivery import demo
from bot.sandbox.applivery.workspace import Credential, Quota
from tests.applivery.applivery_room import MINT, RESOLVE, refusal, room

APP, BUILD = demo.ANDROID.id, demo.ANDROID_BUILD


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
