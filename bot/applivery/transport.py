"""One GET over the shared session: sent once, redirects left alone, errors without the request."""

from collections.abc import Mapping

import aiohttp
from yarl import URL

from bot.applivery.refusals import is_redirect

# No answer of Applivery comes near; a file sent by mistake is not read into memory.
_LONGEST_BODY = 4 * 1024 * 1024


class LostError(Exception):
    """No answer came; the reason names neither URL nor headers, as aiohttp's own errors do."""


class _BrokenError(aiohttp.ClientError):
    """A broken connection, under a name that aiohttp does not repeat requests for."""


async def get(
    session: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp keeps it, for the whole exchange
) -> tuple[int, Mapping[str, str], bytes]:
    """Send one GET and return status, headers and body; a redirect's body stays unread."""
    try:
        async with session.get(
            URL(url, encoded=True),
            headers=headers,
            allow_redirects=False,
            raise_for_status=False,
            timeout=timeout,
            middlewares=(_once,),
        ) as response:
            body = b"" if is_redirect(response.status) else await _body(response)
            return response.status, response.headers, body
    except TimeoutError:
        reason = "no answer in time"
    except (aiohttp.ClientError, OSError) as error:
        reason = str(error) if isinstance(error, _BrokenError) else type(error).__name__
    # Raised out here and from nothing: what was caught holds the bearer or the token.
    raise LostError(reason)


async def _once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from repeating a GET whose answer was lost: it may have spent a token.

    https://github.com/aio-libs/aiohttp/issues/10790
    """
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _BrokenError(type(error).__name__) from error


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > _LONGEST_BODY:
            return b""  # whatever it is, it is not the JSON that was asked for
    return bytes(body)
