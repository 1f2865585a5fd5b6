"""A server of one file that breaks off, forgets and lies as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SECRET = "k3y-in-the-link"


@dataclass
class Link:
    """Serves `content`; each number in `cuts` ends one answer after so many bytes of its body."""

    content: bytes
    cuts: list[int] = field(default_factory=list)
    tag: str | None = '"v1"'
    takes_ranges: bool = True
    lies: str | None = None  # a Content-Range to send instead of the right one
    statuses: list[int] = field(default_factory=list)
    tells_length: bool = True
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Link"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/{SECRET}/a.zip"
        async with server:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        self.asked.append(headers)
        status, body, answer = self._answer(headers)
        head = [f"HTTP/1.1 {status} So", "Connection: close", *answer]
        writer.write("\r\n".join([*head, "", ""]).encode())
        writer.write(body[: self.cuts.pop(0)] if self.cuts else body)
        await writer.drain()
        writer.close()

    def _answer(self, headers: dict[str, str]) -> tuple[int, bytes, list[str]]:
        if self.statuses and (status := self.statuses.pop(0)) != 200:
            return status, b"", ["Content-Length: 0"]
        size, start = len(self.content), self._start(headers)
        body = self.content[start:]
        answer = [f"Content-Length: {len(body)}"] if self.tells_length else []
        if self.tag:
            answer.append(f"ETag: {self.tag}")
        if not start:
            return 200, body, answer
        return (
            206,
            body,
            [*answer, f"Content-Range: {self.lies or f'bytes {start}-{size - 1}/{size}'}"],
        )

    def _start(self, headers: dict[str, str]) -> int:
        if not self.takes_ranges or headers.get("if-range", self.tag) != self.tag:
            return 0
        return int(headers.get("range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
