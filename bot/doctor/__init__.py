"""The doctor: looks at everything the bot needs, and says what to do about each finding."""

from collections.abc import AsyncIterator

import aiohttp

from bot.doctor import database, playcanvas, slack
from bot.doctor.finding import Finding
from bot.settings import Settings

__all__ = ["Finding", "examine"]

_APPLIVERY = "Applivery"
_PATIENCE = aiohttp.ClientTimeout(total=10)


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the database, Slack, PlayCanvas and Applivery, one after the other."""
    yield await database.examine(settings.database_url)
    async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
        async for finding in slack.examine(settings, session):
            yield finding
        yield await playcanvas.examine(settings, session)
    yield _applivery(settings)


def _applivery(settings: Settings) -> Finding:
    token, organization = settings.applivery_token, settings.applivery_organization
    if token is not None and organization is not None:
        return Finding.good(_APPLIVERY, f"install links for {organization}")
    if token is None and organization is None:
        return Finding.good(_APPLIVERY, "not set up; nothing else needs it")
    lacking = "APPLIVERY_ORGANIZATION" if token else "APPLIVERY_TOKEN"
    return Finding.bad(_APPLIVERY, "half set up", f"Set {lacking} as well, or neither of the two.")
