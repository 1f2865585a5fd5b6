"""PlayCanvas in virtual time, below the bot's own client: jobs, windows of a minute, 429s."""

import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.builds import Build
from tests.clock import NOON, Clock

_WINDOW = 60


class _Body:
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def iter_chunked(self, _size: int) -> AsyncIterator[bytes]:
        yield self._body


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: dict[str, str]
    content: _Body


@dataclass
class Remote:
    """Stands where the client has its session. A build's number is in its app's name."""

    clock: Clock
    builds: list[Build]
    limit: int
    looks: int = 0
    refused: int = 0
    seen_at: dict[int, float] = field(default_factory=dict)
    _window: tuple[int, int] = (-1, 0)

    @property
    def at(self) -> float:
        """Seconds since the beginning."""
        return (self.clock() - NOON).total_seconds()

    @asynccontextmanager
    async def request(self, method: str, url: str, **sent: Any) -> AsyncIterator[_Response]:  # noqa: ANN401 - as aiohttp's
        """Answer as the API does."""
        if method == "POST":
            number = int(sent["json"]["name"])
            yield _answer(201, {}, {"id": number, "status": "running"})
            return
        self.looks += 1
        used, headers = self._counted()
        if used > self.limit:
            self.refused += 1
            yield _answer(429, headers, {"error": "Too many requests"})
            return
        yield _answer(200, headers, self._job(int(url.rsplit("/", 1)[1])))

    def _job(self, number: int) -> dict[str, object]:
        build = self.builds[number]
        over = build.start + build.takes
        if self.at < over:
            return {"id": number, "status": "running"}
        self.seen_at.setdefault(number, self.at)
        ended = self.clock.now.fromtimestamp(NOON.timestamp() + over, NOON.tzinfo)
        return {
            "id": number,
            "status": "complete",
            "modified_at": ended.replace(tzinfo=None).isoformat(),
            "data": {"download_url": f"https://example.com/{number}.zip"},
        }

    def _counted(self) -> tuple[int, dict[str, str]]:
        window = math.floor(self.at / _WINDOW)
        used = self._window[1] + 1 if window == self._window[0] else 1
        self._window = (window, used)
        return used, {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - used)),
            "X-RateLimit-Reset": str(NOON.timestamp() + (window + 1) * _WINDOW),
        }


def _answer(status: int, headers: dict[str, str], body: dict[str, object]) -> _Response:
    return _Response(status, headers, _Body(json.dumps(body).encode()))
