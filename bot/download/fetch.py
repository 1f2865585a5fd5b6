"""Fetching: one file over as many connections as it takes, a piece at a time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from time import monotonic
from typing import BinaryIO, Final

import aiohttp

from bot.download.errors import NotWhole, Unwritable
from bot.download.resume import NOTHING, Part, asking_for_the_rest, continued

_PIECE: Final = 2**18
_PATIENCE: Final = timedelta(minutes=10)
_PAUSE, _LONGEST_PAUSE = 0.2, 30.0
# A link that is slow is waited for, one that says nothing is asked again.
_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=60)
_NOWHERE: Final = "The download link leads nowhere."

Progress = Callable[[int, int | None], None]
"""Told how many bytes have come, and of how many where the server says."""


def ignore(done: int, total: int | None) -> None:
    """Show nothing."""


async def fetch(
    session: aiohttp.ClientSession,
    url: str,
    file: BinaryIO,
    told: Progress = ignore,
    patience: timedelta = _PATIENCE,
) -> int:
    """Write what the link leads to into an empty file, and return its size.

    Goes on where a connection broke, if the server lets it, until no new byte has come for as
    long as `patience`. Raises LinkRefused, NotWhole, Unwritable. The link is in none of them.
    """
    fetching = _Fetching(session, url, file, told)
    furthest, since, pause = 0, monotonic(), _PAUSE
    while not await fetching.went_through():
        # Beginning anew is no progress before it is further than ever.
        if fetching.part.received > furthest:
            furthest, since, pause = fetching.part.received, monotonic(), _PAUSE
        elif monotonic() - since > patience.total_seconds():
            raise NotWhole(_gave_up(furthest, fetching.part))
        # No event tells when a server is well again.
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
    return fetching.part.received


class _Fetching:
    def __init__(
        self, session: aiohttp.ClientSession, url: str, file: BinaryIO, told: Progress
    ) -> None:
        self._session = session
        self._url = url
        self._file = file
        self._told = told
        self.part: Part = NOTHING

    async def went_through(self) -> bool:
        """Connect once, and say whether the file is whole."""
        nowhere = False
        try:
            async with self._session.get(
                self._url, headers=asking_for_the_rest(self.part), timeout=_TIMEOUT
            ) as response:
                after = continued(self.part, response.status, response.headers)
                if after is None:
                    return False
                self._move_to(after)
                if response.status != HTTPStatus.OK and not after.received:
                    return False
                async for piece in response.content.iter_chunked(_PIECE):
                    self._write(piece)
        except (aiohttp.InvalidURL, aiohttp.TooManyRedirects):
            nowhere = True
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            return False
        if nowhere:
            # Raised out here: what aiohttp raised holds the link.
            raise NotWhole(_NOWHERE)
        return self.part.is_whole

    def _move_to(self, part: Part) -> None:
        if part.received != self.part.received:
            try:
                self._file.seek(part.received)
                self._file.truncate()
            except OSError as error:
                raise Unwritable(error) from error
        self.part = part

    def _write(self, piece: bytes) -> None:
        try:
            self._file.write(piece)
        except OSError as error:
            raise Unwritable(error) from error
        self.part = replace(self.part, received=self.part.received + len(piece))
        self._told(self.part.received, self.part.total)


def _gave_up(furthest: int, part: Part) -> str:
    total = "" if part.total is None else f" of {part.total:,}"
    return f"The download broke off again and again, at {furthest:,}{total} bytes."
