"""The doctor at PlayCanvas: whether the token works, and what it may ask for."""

import aiohttp

from bot.doctor.finding import Finding
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.errors import NotAllowed, PlayCanvasError, RateLimited, Unavailable
from bot.playcanvas.limits import RateClass, RateLimit
from bot.settings import Settings

_SUBJECT = "PlayCanvas"
_RENEW = "Create an API token of the team's account and put it into PLAYCANVAS_TOKEN."
_ADDRESS = "Check that PLAYCANVAS_API_URL is the address of its REST API."
_WAIT = "Wait a minute and ask again; others may use the same account."
_NETWORK = "Check PLAYCANVAS_API_URL and the network, and whether PlayCanvas itself is up."


class Unhurried:
    """The limiter of someone who asks once: no permit is refused."""

    async def permit(self, rate_class: RateClass) -> None:
        """Let the one request through."""

    async def learn(self, rate_class: RateClass, limit: RateLimit, *, refused: bool) -> None:
        """Forget what the answer said."""


async def examine(settings: Settings, session: aiohttp.ClientSession) -> Finding:
    """Ask for the account's limits, which any valid token may."""
    token = settings.playcanvas_token.get_secret_value()
    client = PlayCanvas(session, token, base_url=settings.playcanvas_api_url, limiter=Unhurried())
    try:
        limits = await client.limits()
    except PlayCanvasError as error:
        return Finding.bad(_SUBJECT, error.sentence, _advice(error))
    said = f"token works: {_a_minute(limits.normal)} looks, {_a_minute(limits.strict)} starts"
    return Finding.good(_SUBJECT, said)


def _a_minute(limit: int | None) -> str:
    return "an unknown number of" if limit is None else f"{limit} a minute for"


def _advice(error: PlayCanvasError) -> str:
    match error:
        case NotAllowed():
            return _RENEW
        case RateLimited():
            return _WAIT
        case Unavailable():
            return _NETWORK
        case _:
            return _ADDRESS
