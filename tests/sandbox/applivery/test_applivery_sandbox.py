"""The sandbox's Applivery by its wire alone, beside the facts and without our client."""

import io
import json
import plistlib
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.sandbox.applivery import AppliverySandbox, demo
from bot.sandbox.applivery.answers import EXPIRY_FORMS
from bot.sandbox.applivery.workspace import Credential, Quota
from bot.sandbox.faults import Faults

ORG = f"/api/v1/organizations/{demo.ORGANIZATION}/apps"
BUILDS = "/api/v1/integrations/builds"
BEARER = {"Authorization": f"Bearer {demo.TOKEN}"}


@dataclass(slots=True)
class Wire:
    sandbox: AppliverySandbox
    clock: list[datetime]
    url: str
    session: ClientSession

    async def get(
        self, path: str, headers: Mapping[str, str] = BEARER
    ) -> tuple[int, Any, Mapping[str, str]]:
        url = path if path.startswith("http") else self.url + path
        async with self.session.get(url, headers=headers, allow_redirects=False) as response:
            is_json = response.status < 300 or response.status >= 400
            if is_json and response.content_type == "application/json":
                return response.status, await response.json(), response.headers
            return response.status, await response.read(), response.headers

    async def mint(
        self, build: str = demo.ANDROID_BUILD, kind: str = "auto", app: str = demo.ANDROID.id
    ) -> str:
        status, found, _ = await self.get(f"{ORG}/{app}/builds/{build}/downloadToken?type={kind}")
        assert status == 200, found
        assert found["status"] is True
        assert isinstance(found["data"]["token"], str)
        return str(found["data"]["token"])

    async def refusal(self, path: str, headers: Mapping[str, str] = BEARER) -> tuple[int, int]:
        status, found, _ = await self.get(path, headers)
        assert found["status"] is False
        return status, found["error"]["code"]


@pytest.fixture(params=["", "/applivery"])
async def wire(request: pytest.FixtureRequest) -> AsyncIterator[Wire]:
    async with wired(request.param) as served:
        yield served


@asynccontextmanager
async def wired(mount: str) -> AsyncIterator[Wire]:
    clock = [datetime(2026, 7, 9, 10, tzinfo=UTC)]
    sandbox = AppliverySandbox(Faults(), clock=lambda: clock[0])
    house = sandbox.app
    if mount:
        house = web.Application()
        house.add_subapp(mount, sandbox.app)
    async with TestServer(house, host="127.0.0.1") as server, ClientSession() as session:
        yield Wire(sandbox, clock, str(server.make_url(mount or "/")).rstrip("/"), session)


MINT = f"{ORG}/{demo.ANDROID.id}/builds/{demo.ANDROID_BUILD}/downloadToken"


async def test_two_steps_lead_to_a_file(wire: Wire) -> None:
    token = await wire.mint()
    status, _, headers = await wire.get(f"/download/v1/download/{token}", {})
    assert status == 302
    assert headers["Location"].startswith(f"{wire.url}/files/fruit-android.apk?")
    for _ in range(2):  # only tokens work once
        status, body, headers_of_file = await wire.get(headers["Location"], {})
        assert (status, body[:2]) == (200, b"PK")
        assert headers_of_file["Content-Type"] == "application/vnd.android.package-archive"


async def test_a_token_works_once(wire: Wire) -> None:
    path = f"/download/v1/download/{await wire.mint()}"
    assert (await wire.get(path))[0] == 302
    assert await wire.refusal(path) == (404, 3001)
    assert await wire.refusal("/download/v1/download/unknown") == (404, 3001)


async def test_a_token_expires(wire: Wire) -> None:
    early, late = await wire.mint(), await wire.mint()
    wire.clock[0] += timedelta(minutes=5, seconds=-1)
    assert (await wire.get(f"/download/v1/download/{early}"))[0] == 302
    wire.clock[0] += timedelta(seconds=1)
    assert await wire.refusal(f"/download/v1/download/{late}") == (401, 4005)


async def test_no_two_tokens_are_equal(wire: Wire) -> None:
    assert len({await wire.mint() for _ in range(10)}) == 10


async def test_who_may_mint(wire: Wire) -> None:
    credentials = wire.sandbox.workspace.credentials
    credentials["app-token"] = Credential(mints=False)
    credentials["of-ios"] = Credential(app=demo.IOS.id)
    assert await wire.refusal(MINT, {}) == (401, 4002)
    assert await wire.refusal(MINT, {"Authorization": "Basic abc"}) == (401, 4002)
    assert await wire.refusal(MINT, {"Authorization": "Bearer nobody"}) == (401, 4002)
    assert await wire.refusal(MINT, {"Authorization": "bearer app-token"}) == (401, 4004)
    assert await wire.refusal(MINT, {"Authorization": "Bearer of-ios"}) == (404, 3001)


@pytest.mark.parametrize(
    "path",
    [
        f"{ORG}/{demo.ANDROID.id}/builds/{'0' * 24}/downloadToken",
        f"{ORG}/{demo.IOS.id}/builds/{demo.ANDROID_BUILD}/downloadToken",
        f"{ORG}/{'0' * 24}/builds/{demo.ANDROID_BUILD}/downloadToken",
        f"/api/v1/organizations/other/apps/{demo.ANDROID.id}",
        f"{MINT}?type=aab",
        f"{ORG}/{demo.IOS.id}/builds/{demo.IOS_BUILD}/downloadToken?type=aab",
        f"{BUILDS}/{'0' * 24}",
    ],
)
async def test_what_does_not_exist(wire: Wire, path: str) -> None:
    assert await wire.refusal(path) == (404, 3001)


async def test_an_organization_has_an_id_and_a_slug(wire: Wire) -> None:
    path = f"/api/v1/organizations/{demo.ORGANIZATION_ID}/apps/{demo.ANDROID.id}"
    assert (await wire.get(path))[1]["data"]["slug"] == "fruit-android"


async def test_processing_begins_with_the_first_asking(wire: Wire) -> None:
    path = f"{ORG}/{demo.ANDROID.id}/builds/{demo.ANDROID_PROCESSING}/downloadToken"
    details = f"{BUILDS}/{demo.ANDROID_PROCESSING}"
    wire.clock[0] += timedelta(hours=1)
    assert (await wire.get(details))[1]["data"]["status"] == "pending"
    assert await wire.refusal(path) == (400, 5014)
    assert (await wire.get(details))[1]["data"]["status"] == "in_progress"
    assert (await wire.get(details))[1]["data"]["info"] == {}
    wire.clock[0] += timedelta(seconds=12)
    assert (await wire.get(path))[0] == 200
    assert (await wire.get(details))[1]["data"]["status"] == "processed"


async def test_some_builds_never_get_there(wire: Wire) -> None:
    for app, build, status in (
        (demo.ANDROID.id, demo.ANDROID_STUCK, "in_progress"),
        (demo.IOS.id, demo.IOS_BROKEN, "error"),
    ):
        for _ in range(3):
            path = f"{ORG}/{app}/builds/{build}/downloadToken"
            assert await wire.refusal(path) == (400, 5014)
            wire.clock[0] += timedelta(minutes=2)
        assert (await wire.get(f"{BUILDS}/{build}"))[1]["data"]["status"] == status


async def test_the_quota_counts_downloads(wire: Wire) -> None:
    wire.sandbox.workspace.quota = Quota(limit=1)
    first, second = await wire.mint(), await wire.mint()
    assert (await wire.get(f"/download/v1/download/{first}"))[0] == 302
    _, found, _ = await wire.get(f"/download/v1/download/{second}")
    assert found["error"]["code"] == 5003
    assert found["error"]["data"] == {"limit": 1, "num": 1}
    assert (await wire.refusal(MINT))[1] == 5003


async def test_the_plan_may_exclude_links(wire: Wire) -> None:
    token = await wire.mint()
    wire.sandbox.workspace.plan_includes_links = False
    assert (await wire.refusal(MINT))[1] == 5004
    assert (await wire.refusal(f"/download/v1/download/{token}"))[1] == 5004


async def test_so_many_requests_an_hour(wire: Wire) -> None:
    wire.sandbox.workspace.hourly = 2
    token = await wire.mint()
    wire.clock[0] += timedelta(minutes=10)
    await wire.mint()
    status, _, headers = await wire.get(f"/download/v1/download/{token}")
    assert (status, headers["Retry-After"]) == (429, "3000")
    wire.sandbox.manners.names_retry_after = False
    status, _, headers = await wire.get(MINT)
    assert status == 429
    assert "Retry-After" not in headers
    wire.clock[0] += timedelta(minutes=50)
    await wire.mint()


@pytest.mark.parametrize("redirect", [301, 302, 307])
async def test_manners_of_redirects(wire: Wire, redirect: int) -> None:
    wire.sandbox.manners.redirect = redirect
    status, body, headers = await wire.get(f"/download/v1/download/{await wire.mint()}", {})
    assert status == redirect
    assert headers["Location"]
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(body)


async def test_manners_of_errors(wire: Wire) -> None:
    wire.sandbox.manners.errors_come_with_200 = True
    wire.sandbox.manners.message_key = "msg"
    status, found, _ = await wire.get(MINT, {})
    assert status == 200
    assert found == {"status": False, "error": {"code": 4002, "msg": "No auth token"}}


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("ISO with milliseconds", "2026-07-09T10:05:00.000Z"),
        ("ISO", "2026-07-09T10:05:00Z"),
        ("ISO with an offset", "2026-07-09T10:05:00+00:00"),
        ("ISO without a zone", "2026-07-09T10:05:00"),
        ("epoch milliseconds", 1_783_591_500_000),
        ("epoch milliseconds as text", "1783591500000"),
        ("garbage", "in a while"),
        ("null", None),
        ("object", {"$date": "soon"}),
    ],
)
async def test_manners_of_expiry(wire: Wire, form: str, written: object) -> None:
    wire.sandbox.manners.expiry = EXPIRY_FORMS[form]
    assert (await wire.get(MINT))[1]["data"]["expiresAt"] == written
    wire.sandbox.manners.names_expiry = False
    assert list((await wire.get(MINT))[1]["data"]) == ["token"]


async def test_over_the_air_installation_of_ios(wire: Wire) -> None:
    token = await wire.mint(demo.IOS_BUILD, app=demo.IOS.id)
    _, _, headers = await wire.get(f"/download/v1/download/{token}", {})
    _, body, of_file = await wire.get(headers["Location"], {})
    assert of_file["Content-Type"] == "text/xml"
    (item,) = plistlib.loads(body)["items"]
    assert item["metadata"]["bundle-identifier"] == "com.example.fruit.ios"
    _, ipa, _ = await wire.get(item["assets"][0]["url"], {})
    facts = plistlib.loads(zipfile.ZipFile(io.BytesIO(ipa)).read("Payload/App.app/Info.plist"))
    assert facts["CFBundleShortVersionString"] == "1.4.0"
    assert facts["CFBundleVersion"] == "44"


async def test_an_android_bundle(wire: Wire) -> None:
    token = await wire.mint(demo.ANDROID_AAB, "aab")
    _, _, headers = await wire.get(f"/download/v1/download/{token}", {})
    assert "/files/fruit-android.aab?" in headers["Location"]


async def test_files_are_not_guessed(wire: Wire) -> None:
    assert (await wire.get("/files/fruit-android.apk"))[0] == 404
    assert (await wire.get("/files/fruit-android.apk?key=1"))[0] == 404


async def test_a_type_that_is_none(wire: Wire) -> None:
    assert (await wire.refusal(f"{MINT}?type=zip"))[0] == 400


async def test_builds_are_listed_newest_first(wire: Wire) -> None:
    _, found, _ = await wire.get(BUILDS)
    dates = [build["createdAt"] for build in found["data"]["items"]]
    assert len(dates) == 7
    assert dates == sorted(dates, reverse=True)
    _, found, _ = await wire.get(f"{BUILDS}?os=android&status=processed&page=2&limit=1")
    (build,) = found["data"]["items"]
    assert build["id"] == demo.ANDROID_AAB
    _, found, _ = await wire.get(f"{BUILDS}?versionName=RC-1")
    (build,) = found["data"]["items"]
    assert build["info"] == {
        "android": {
            "packageName": "com.example.fruit",
            "versionName": "1.4.0",
            "versionCode": "57",
        }
    }
    assert (await wire.refusal(f"{BUILDS}?page=x"))[0] == 400


async def test_an_app_token_reads_its_own_app(wire: Wire) -> None:
    credentials = wire.sandbox.workspace.credentials
    credentials["ios"] = Credential(mints=False, app=demo.IOS.id)
    credentials["minter"] = Credential(reads=False)
    bearer = {"Authorization": "Bearer ios"}
    _, found, _ = await wire.get(BUILDS, bearer)
    assert {build["os"] for build in found["data"]["items"]} == {"ios"}
    assert await wire.refusal(f"{BUILDS}/{demo.ANDROID_BUILD}", bearer) == (404, 3001)
    bearer = {"Authorization": "Bearer minter"}
    assert await wire.refusal(BUILDS, bearer) == (401, 4004)
    assert await wire.refusal(f"{ORG}/{demo.IOS.id}", bearer) == (401, 4004)


async def test_the_latest_build_of_an_app_is_the_newest_that_is_processed(wire: Wire) -> None:
    _, found, _ = await wire.get(f"{ORG}/{demo.ANDROID.id}")
    assert found["data"]["sdk"] == {
        "ios": {},
        "android": {"lastBuildId": demo.ANDROID_BUILD, "lastBuildVersion": "1.4.0"},
    }


async def test_the_books_keep_every_request_whatever_became_of_it(wire: Wire) -> None:
    rule = {"path": "downloadToken", "act": {"kind": "answer", "status": 502, "body": "<html>"}}
    async with wire.session.post(f"{wire.url}/faults", json=rule) as response:
        assert response.status == 201
    assert (await wire.get(f"{MINT}?type=file"))[:2] == (502, b"<html>")
    entry = wire.sandbox.books[-1]
    assert entry.path.endswith("/downloadToken")
    assert entry.query == {"type": "file"}
    assert entry.headers["authorization"] == f"Bearer {demo.TOKEN}"
    assert (entry.method, entry.at) == ("GET", wire.clock[0])
    await wire.mint()


async def test_two_sandboxes_share_nothing() -> None:
    async with wired("") as one, wired("") as other:
        token = await one.mint()
        assert await other.refusal(f"/download/v1/download/{token}") == (404, 3001)
        one.sandbox.workspace.builds[demo.ANDROID_BUILD].broken = True
        await other.mint()
