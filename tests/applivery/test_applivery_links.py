"""What a link leads to, over real sockets against the sandbox's Applivery."""

import asyncio
import io
import plistlib
import zipfile
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.applivery import DownloadKind, Location, itms_url
from bot.applivery.errors import (
    BuildNotProcessed,
    TokenSpent,
)
from bot.sandbox.applivery import demo
from bot.sandbox.applivery.answers import EXPIRY_FORMS
from tests.applivery.applivery_room import room

APP, BUILD = demo.ANDROID.id, demo.ANDROID_BUILD
EXPIRY = datetime(2026, 7, 9, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("status", [302, 301, 307, 308, 303])
async def test_a_redirect_of_any_kind_leads_to_the_file(status: int) -> None:
    async with room() as here:
        here.sandbox.manners.redirect = status
        link = await here.client.link(APP, BUILD)
        assert not here.received("/files/")  # not followed
        archive = zipfile.ZipFile(io.BytesIO(await here.fetched(link.location)))
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
        manifest = plistlib.loads(await here.fetched(Location.from_header(manifest_url)))
        ipa = manifest["items"][0]["assets"][0]["url"]
        assert urlsplit(manifest_url).path.endswith("/manifest.plist")
        assert (await here.fetched(Location.from_header(ipa))).startswith(b"PK")


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


async def test_a_token_works_once() -> None:
    async with room() as here:
        token = await here.client.mint(APP, BUILD)
        assert token.expires_at == EXPIRY
        assert (await here.client.resolve(token)).url
        with pytest.raises(TokenSpent):
            await here.client.resolve(token)
        assert (len(here.mints), len(here.resolves)) == (1, 2)
