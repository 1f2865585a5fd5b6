"""Applivery: download tokens, builds and apps; a library that imports nothing of the bot."""

from bot.applivery.client import Applivery
from bot.applivery.location import InstallLink, Location, itms_url
from bot.applivery.models import (
    AppDetails,
    BuildDetails,
    BuildStatus,
    DownloadKind,
    DownloadToken,
    LatestBuild,
    Platform,
    Step,
)
from bot.applivery.protocol import is_object_id, is_organization

__all__ = [
    "AppDetails",
    "Applivery",
    "BuildDetails",
    "BuildStatus",
    "DownloadKind",
    "DownloadToken",
    "InstallLink",
    "LatestBuild",
    "Location",
    "Platform",
    "Step",
    "is_object_id",
    "is_organization",
    "itms_url",
]
