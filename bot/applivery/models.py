"""Applivery's values: download tokens, builds and apps, read from JSON of any make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.applivery.reading import count, is_secret, member, part_of, required, text, texts, time_of


class Step(StrEnum):
    """What was asked of Applivery; the same error code means different things at each."""

    MINT = "mint"
    RESOLVE = "resolve"
    DETAILS = "details"


class DownloadKind(StrEnum):
    """Which file a link leads to."""

    AUTO = "auto"
    """.apk for Android, manifest.plist for Apple."""
    FILE = "file"
    """.apk for Android, .ipa or .pkg for Apple."""
    AAB = "aab"
    """.aab for Android, when the build is one."""


class Platform(StrEnum):
    """The systems that Applivery tells apart."""

    IOS = "ios"
    ANDROID = "android"


class BuildStatus(StrEnum):
    """How far Applivery's processing of an upload is."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    PROCESSED = "processed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class DownloadToken:
    """The right to one download; the repr hides it."""

    value: str = field(repr=False)
    expires_at: datetime | None

    @classmethod
    def from_json(cls, found: Mapping[str, object]) -> Self:
        """Read the `data` of an answer; raise ValueError when it holds no usable token."""
        value = found.get("token")
        if not isinstance(value, str) or not is_secret(value):
            message = "success without a token"
            raise ValueError(message)
        return cls(value, time_of(found.get("expiresAt")))


@dataclass(frozen=True, slots=True)
class BuildDetails:
    """One upload, as far as the token may know; what Applivery left out is None."""

    id: str
    status: BuildStatus | None
    platform: Platform | None
    app_name: str | None
    """The name on the device; Applivery tells it for Apple only."""
    package: str | None
    version: str | None
    number: str | None
    """Android's versionCode, Apple's CFBundleVersion."""
    version_name: str | None
    """What the uploader called it, for example "RC-1"."""
    changelog: str | None
    size: int | None
    tags: tuple[str, ...]
    created_at: datetime | None
    deployer: str | None
    branch: str | None
    commit: str | None

    @classmethod
    def from_json(cls, found: Mapping[str, object]) -> Self:
        """Read one build; raise ValueError when it has no id."""
        platform = member(Platform, found.get("os"))
        deployer = part_of(found, "deployer")
        origin = part_of(deployer, "info")
        return cls(
            id=required(found, "id"),
            status=member(BuildStatus, found.get("status")),
            platform=platform,
            **_package(part_of(found, "info"), platform),
            version_name=text(found.get("versionName")),
            changelog=text(found.get("changelog")),
            size=count(found.get("size")),
            tags=texts(found.get("tags")),
            created_at=time_of(found.get("createdAt")),
            deployer=text(deployer.get("name")),
            branch=text(origin.get("git_branch")),
            # The pages show it beside `info`, uploads send it within.
            commit=text(deployer.get("commit")) or text(origin.get("commit")),
        )


@dataclass(frozen=True, slots=True)
class LatestBuild:
    """An app's newest build on one platform."""

    id: str
    version: str | None


@dataclass(frozen=True, slots=True)
class AppDetails:
    """An app and its newest builds."""

    id: str
    name: str | None
    slug: str | None
    picture: str | None
    ios: LatestBuild | None
    android: LatestBuild | None

    @classmethod
    def from_json(cls, found: Mapping[str, object]) -> Self:
        """Read one app; raise ValueError when it has no id."""
        sdk = part_of(found, "sdk")
        return cls(
            id=required(found, "id"),
            name=text(found.get("name")),
            slug=text(found.get("slug")),
            picture=text(found.get("picture")),
            ios=_latest(part_of(sdk, "ios")),
            android=_latest(part_of(sdk, "android")),
        )


def _package(found: Mapping[str, object], platform: Platform | None) -> dict[str, str | None]:
    android, plist = part_of(found, "android"), part_of(part_of(found, "ios"), "plist")
    if android and platform is not Platform.IOS:
        part, keys = android, ("packageName", "versionName", "versionCode")
    else:
        part = plist
        keys = "CFBundleIdentifier", "CFBundleShortVersionString", "CFBundleVersion"
    package, version, number = (text(part.get(key)) for key in keys)
    app_name = text(part.get("CFBundleDisplayName"))
    return {"app_name": app_name, "package": package, "version": version, "number": number}


def _latest(found: Mapping[str, object]) -> LatestBuild | None:
    build = text(found.get("lastBuildId"))
    return LatestBuild(build, text(found.get("lastBuildVersion"))) if build else None
