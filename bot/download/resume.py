"""Going on where a connection broke: what to ask for, and what an answer means; no I/O."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from bot.download.errors import LinkRefused

_RANGE: Final = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
# What may be well a moment later: https://www.rfc-editor.org/rfc/rfc9110#status.codes
_PASSING: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a file has come, of how much; `mark` tells its version from any other."""

    received: int = 0
    total: int | None = None
    mark: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing, as far as the server has said how much there is."""
        return self.total is None or self.received == self.total


NOTHING: Final = Part()


def asking_for_the_rest(part: Part) -> dict[str, str]:
    """Write the headers that ask for what has not come yet, of the same version only."""
    # Sizes and ranges count the bytes as they are kept.
    headers = {"Accept-Encoding": "identity"}
    if part.received:
        headers["Range"] = f"bytes={part.received}-"
        if part.mark is not None:
            headers["If-Range"] = part.mark
    return headers


def continued(part: Part, status: int, headers: Mapping[str, str]) -> Part | None:
    """Say behind how much of the file the answer's body belongs; None when it is to be left.

    A 200 begins anew. What is no right continuation leaves nothing: ask for all of it again.
    Raises LinkRefused.
    """
    if status == HTTPStatus.OK:
        return Part(0, _count(headers.get("Content-Length")), _mark(headers))
    if status == HTTPStatus.PARTIAL_CONTENT:
        return _rest(part, headers)
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and part.received:
        return NOTHING
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    raise LinkRefused(status)


def _rest(part: Part, headers: Mapping[str, str]) -> Part:
    found = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
    if found is None or not part.received:
        return NOTHING
    start, last = int(found[1]), int(found[2])
    total = part.total if found[3] == "*" else int(found[3])
    another = _mark(headers) not in {None, part.mark}
    if start != part.received or last < start or another or part.total not in {None, total}:
        return NOTHING
    return replace(part, total=total)


def _mark(headers: Mapping[str, str]) -> str | None:
    """Find what If-Range takes: a strong entity tag, else the date of the last change."""
    tag = headers.get("ETag", "")
    return tag if tag.startswith('"') else headers.get("Last-Modified")


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and text.isascii() else None
