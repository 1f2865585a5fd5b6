"""What Applivery knows of a wish: which build is the latest, its facts, and a link to it."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias, TypeVar

import structlog

from bot.applivery import (
    AppDetails,
    Applivery,
    BuildDetails,
    BuildStatus,
    DownloadKind,
    InstallLink,
    Platform,
    Step,
)
from bot.applivery.errors import AppliveryError, BuildNotProcessed, NotFound
from bot.builds.build_facts import BuildFacts
from bot.builds.link_request import LATEST, FileKind, LinkRequest

log = structlog.get_logger(__name__)
# One call; three of them with the client's pauses between fit into FINDING.
CALL = timedelta(seconds=6)
FINDING = timedelta(seconds=24)
# For what a link is shown without, if need be: a second file, the facts.
BESIDES = timedelta(seconds=4)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class FoundLink:
    """One person's link to a build; of a manifest also one to the file that it installs."""

    facts: BuildFacts
    link: InstallLink
    ipa: InstallLink | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """The latest build is not one: one for each platform, or none at all."""

    builds: tuple[BuildFacts, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """Applivery could not process the build: there will never be a file."""

    facts: BuildFacts


@dataclass(frozen=True, slots=True)
class _Chosen:
    facts: BuildFacts
    app: AppDetails | None


Search: TypeAlias = FoundLink | BuildFacts | Undecided | Broken


async def find_link(applivery: Applivery, wanted: LinkRequest) -> FoundLink | Undecided:
    """Mint and resolve; raises an AppliveryError, or TimeoutError after FINDING."""
    async with asyncio.timeout(FINDING.total_seconds()):
        chosen = await _choose(applivery, wanted)
        if isinstance(chosen, Undecided):
            return chosen
        build = chosen.facts.build
        link = await applivery.link(wanted.app, build, DownloadKind(wanted.kind))
    ipa = None
    if wanted.kind is FileKind.AUTO and link.location.is_manifest:
        # Another file needs another token: each works once.
        ipa = await _besides(applivery.link(wanted.app, build, DownloadKind.FILE))
    details, app = await asyncio.gather(
        _besides(applivery.build(build)), _app(applivery, wanted, chosen.app)
    )
    return FoundLink(_facts(chosen.facts, details, app), link, ipa)


async def find_build(applivery: Applivery, wanted: LinkRequest) -> BuildFacts | Undecided | Broken:
    """Look at a build that is to be offered to everyone; raises as `find_link` does."""
    async with asyncio.timeout(FINDING.total_seconds()):
        chosen = await _choose(applivery, wanted)
        if isinstance(chosen, Undecided):
            return chosen
        details = await _readable(applivery.build(chosen.facts.build))
    facts = _facts(chosen.facts, details, await _app(applivery, wanted, chosen.app))
    match details.status if details else None:
        case BuildStatus.ERROR:
            return Broken(facts)
        case BuildStatus.PENDING | BuildStatus.IN_PROGRESS:
            raise BuildNotProcessed(Step.DETAILS)
    return facts


async def _choose(applivery: Applivery, wanted: LinkRequest) -> _Chosen | Undecided:
    facts = BuildFacts(wanted.app, wanted.build)
    if wanted.build != LATEST:
        return _Chosen(facts, None)
    app = await applivery.app(wanted.app)
    newest = {Platform.IOS: app.ios, Platform.ANDROID: app.android}
    builds = tuple(
        replace(facts, build=build.id, platform=platform, version=build.version)
        for platform, build in newest.items()
        if build is not None
    )
    return _Chosen(builds[0], app) if len(builds) == 1 else Undecided(builds)


async def _app(
    applivery: Applivery, wanted: LinkRequest, known: AppDetails | None
) -> AppDetails | None:
    return known or await _besides(applivery.app(wanted.app))


async def _besides(asked: Awaitable[_T]) -> _T | None:
    """Leave out what Applivery does not tell, or not soon."""
    try:
        async with asyncio.timeout(BESIDES.total_seconds()):
            return await asked
    except (AppliveryError, TimeoutError) as error:
        log.info("left out", error=type(error).__name__)
        return None


async def _readable(asked: Awaitable[BuildDetails]) -> BuildDetails | None:
    """Leave out what the token may not read; what does not exist is an error all the same."""
    try:
        return await asked
    except NotFound:
        raise
    except AppliveryError as error:
        log.info("left out", error=type(error).__name__)
        return None


def _facts(chosen: BuildFacts, build: BuildDetails | None, app: AppDetails | None) -> BuildFacts:
    facts = chosen
    if app is not None:
        facts = replace(facts, name=app.name, slug=app.slug)
    if build is None:
        return facts
    return replace(
        facts,
        name=facts.name or build.app_name,
        platform=build.platform or facts.platform,
        version=build.version or facts.version,
        number=build.number,
        label=build.version_name,
        size=build.size,
        changelog=build.changelog,
    )
