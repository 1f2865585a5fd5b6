"""Applivery's JSON, whole, partial and wrong, as values."""

import time
from datetime import UTC, datetime

import pytest

from bot.applivery.models import (
    AppDetails,
    BuildDetails,
    BuildStatus,
    DownloadToken,
    LatestBuild,
    Platform,
)
from bot.applivery.reading import time_of

TEN = datetime(2026, 7, 9, 10, tzinfo=UTC)
EPOCH = 1_783_591_200

ANDROID = {
    "id": "552ae3cfcb5abfc58d733b81",
    "status": "processed",
    "tags": ["qa", "", 3],
    "versionName": "RC-1",
    "changelog": "Faster loading.",
    "size": "1048576",
    "os": "android",
    "createdAt": "2026-07-09T10:00:00.000Z",
    "info": {
        "android": {"packageName": "com.example", "versionName": "1.4.0", "versionCode": 57},
        "ios": {},
    },
    "deployer": {"name": "CI", "info": {"git_branch": "main"}, "commit": "c0ffee"},
}


@pytest.mark.parametrize(
    ("found", "moment"),
    [
        ("2026-07-09T10:00:00Z", TEN),
        ("2026-07-09T10:00:00.000Z", TEN),
        ("2026-07-09T12:00:00.000+02:00", TEN),
        ("2026-07-09T10:00:00", TEN),
        ("2026-07-09 10:00:00 ", TEN),
        (EPOCH * 1000, TEN),
        (EPOCH * 1000.0, TEN),
        (str(EPOCH * 1000), TEN),
        (EPOCH, TEN),
        (None, None),
        ("", None),
        ("tomorrow", None),
        (True, None),
        ({}, None),
        ([EPOCH], None),
        (float("nan"), None),
        (float("inf"), None),
        (3.5, None),
        (10**9 - 1, None),
        (10**30, None),
        (-(10**30), None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_in_every_form(found: object, moment: datetime | None) -> None:
    assert time_of(found) == moment
    assert DownloadToken.from_json({"token": "t", "expiresAt": found}).expires_at == moment


def test_a_time_without_a_zone_is_utc_wherever_the_bot_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert time_of("2026-07-09T10:00:00") == TEN
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_token_without_expiry() -> None:
    assert DownloadToken.from_json({"token": "t"}) == DownloadToken("t", None)


@pytest.mark.parametrize("token", [None, "", " ", 5, ["t"], "a b", "a\nb", "ключ", "\ud800"])
def test_what_cannot_be_a_token(token: object) -> None:
    with pytest.raises(ValueError, match="without a token"):
        DownloadToken.from_json({"token": token})


def test_a_build_for_android() -> None:
    assert BuildDetails.from_json(ANDROID) == BuildDetails(
        id="552ae3cfcb5abfc58d733b81",
        status=BuildStatus.PROCESSED,
        platform=Platform.ANDROID,
        app_name=None,
        package="com.example",
        version="1.4.0",
        number="57",
        version_name="RC-1",
        changelog="Faster loading.",
        size=1048576,
        tags=("qa", "3"),
        created_at=TEN,
        deployer="CI",
        branch="main",
        commit="c0ffee",
    )


def test_a_build_for_apple() -> None:
    plist = {
        "CFBundleDisplayName": "Fruit",
        "CFBundleIdentifier": "com.example.ios",
        "CFBundleShortVersionString": "2.0",
        "CFBundleVersion": "9",
    }
    found = ANDROID | {"os": "ios", "info": {"ios": {"plist": plist}, "android": {}}, "size": 7}
    build = BuildDetails.from_json(found)
    assert (build.platform, build.size) == (Platform.IOS, 7)
    assert (build.app_name, build.package) == ("Fruit", "com.example.ios")
    assert (build.version, build.number) == ("2.0", "9")


def test_a_commit_within_the_deployers_info() -> None:
    build = BuildDetails.from_json({"id": "1", "deployer": {"info": {"commit": "abc"}}})
    assert build.commit == "abc"


@pytest.mark.parametrize("wrong", [None, 3.5, True, [], {"a": 1}, "\ud800"])
def test_a_build_of_which_nothing_but_the_id_is_right(wrong: object) -> None:
    build = BuildDetails.from_json({**dict.fromkeys(ANDROID, wrong), "id": "1"})
    assert (build.status, build.platform, build.size, build.created_at) == (None,) * 4
    assert (build.package, build.version, build.deployer, build.tags) == (None, None, None, ())
    assert build.changelog in (None, "?")


def test_an_app_and_its_latest_builds() -> None:
    found = {
        "id": "1",
        "name": "Fruit",
        "slug": "fruit",
        "picture": "https://cdn.example.com/fruit.png",
        "sdk": {
            "ios": {"lastBuildId": "b1", "lastBuildVersion": "1.0"},
            "android": {"lastBuildVersion": "1.0"},
        },
    }
    assert AppDetails.from_json(found) == AppDetails(
        "1",
        "Fruit",
        "fruit",
        "https://cdn.example.com/fruit.png",
        ios=LatestBuild("b1", "1.0"),
        android=None,
    )


@pytest.mark.parametrize("found", [{}, {"id": None}, {"id": " "}, {"id": {}}])
def test_nothing_goes_without_an_id(found: dict[str, object]) -> None:
    for model in (AppDetails, BuildDetails):
        with pytest.raises(ValueError, match="no id"):
            model.from_json(found)
