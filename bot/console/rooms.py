"""The composition without Slack: the same store and movers as the bot's, for one command."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from tempfile import TemporaryDirectory

import aiohttp

from bot.console.ending import EndError, Ending, Exit
from bot.movers import Movers
from bot.settings import BuildSettings
from bot.store import schema
from bot.store.trouble import DatabaseTroubleError, told
from bot.telemetry import Metrics

_TIMEOUT = aiohttp.ClientTimeout(total=timedelta(seconds=10).total_seconds())
_NOT_AT_HEAD = "The database is not at head. Run: python -m bot migrate"


def shares(settings: BuildSettings) -> bool:
    """Say whether the budget and the short names are those of a database that others use."""
    return "database_url" in settings.model_fields_set


@asynccontextmanager
async def furnished(settings: BuildSettings) -> AsyncIterator[Movers]:
    """Open the database that is named, else a temporary one; raises EndError."""
    async with AsyncExitStack() as stack:
        if not shares(settings):
            folder = stack.enter_context(TemporaryDirectory(prefix="build-bot-"))
            url = f"sqlite+aiosqlite:///{folder}/bot.db"
            settings = settings.model_copy(update={"database_url": url})
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=_TIMEOUT))
        movers = Movers(settings, session, Metrics())
        stack.push_async_callback(movers.store.database.close)
        await _at_head(movers)
        yield movers


async def _at_head(movers: Movers) -> None:
    """See that the schema fits; a file comes to head by itself, as it does for `serve`."""
    database = movers.store.database
    try:
        with told():
            if database.is_sqlite:
                await schema.migrate(database)
            fits = (await schema.standing(database)).fits
    except DatabaseTroubleError as error:
        raise EndError(Ending(Exit.OUT_OF_REACH, (str(error),))) from error
    if not fits:
        raise EndError(Ending(Exit.OUT_OF_REACH, (_NOT_AT_HEAD,)))
