"""PlayCanvas's wire protocol without I/O: requests out; status, headers and body in.

https://developer.playcanvas.com/user-manual/api/ is in beta: fields come and go.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal, TypeVar
from urllib.parse import quote

from bot.playcanvas.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    PlayCanvasError,
    RateLimited,
    Refused,
    Unavailable,
    Unexpected,
)
from bot.playcanvas.limits import RateClass, RateLimit
from bot.playcanvas.models import AppExport, Limits
from bot.playcanvas.reading import members, part, unreadable, whole, words

__all__ = [
    "Limits",
    "RateClass",
    "RateLimit",
    "Request",
    "apps",
    "branches",
    "checkpoints",
    "decipher",
    "has_more",
    "job",
    "listing",
    "primary_app",
    "ratelimits",
    "scenes",
    "start_archive",
    "start_build",
    "total",
]

MOST_ON_A_PAGE = 50
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_LONGEST_PLAIN_TEXT = 300
_RUBBISH = object()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `route` is its path with names for ids, to count it under."""

    method: Literal["GET", "POST"]
    route: str
    path: str
    rate_class: RateClass = RateClass.NORMAL
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, object] | None = None


def start_build(export: AppExport) -> Request:
    """Ask for an app export: https://developer.playcanvas.com/user-manual/api/app-download/ ."""
    asked = {name: value for name, value in asdict(export).items() if value is not None}
    return Request(
        "POST",
        "/apps/download",
        "/apps/download",
        RateClass.STRICT,
        body=asked | {"scenes": list(export.scenes)},
    )


def start_archive(project_id: int, branch_id: str | None = None) -> Request:
    """Ask for a project archive, of the main branch unless told otherwise.

    https://developer.playcanvas.com/user-manual/api/project-archive/
    """
    return Request(
        "POST",
        "/projects/{id}/export",
        f"/projects/{project_id}/export",
        RateClass.STRICT,
        body={} if branch_id is None else {"branch_id": branch_id},
    )


def job(remote_id: int) -> Request:
    """Ask for a job: https://developer.playcanvas.com/user-manual/api/job-get/ ."""
    return Request("GET", "/jobs/{id}", f"/jobs/{remote_id}")


def scenes(project_id: int, branch_id: str | None = None) -> Request:
    """Ask for all scenes of a branch; the page writes `branchId` in camel case here.

    https://developer.playcanvas.com/user-manual/api/scene-list/
    """
    query = () if branch_id is None else (("branchId", branch_id),)
    return Request("GET", "/projects/{id}/scenes", f"/projects/{project_id}/scenes", query=query)


def branches(project_id: int, skip: str | None = None) -> Request:
    """Ask for the open branches after the branch `skip`.

    https://developer.playcanvas.com/user-manual/api/branch-list/
    """
    path = f"/projects/{project_id}/branches"
    query = () if skip is None else (("skip", skip),)
    return Request("GET", "/projects/{id}/branches", path, query=query)


def checkpoints(branch_id: str, skip: str | None = None, limit: int = MOST_ON_A_PAGE) -> Request:
    """Ask for a branch's checkpoints, newest first, after the checkpoint `skip`, 50 at most.

    https://developer.playcanvas.com/user-manual/api/checkpoint-list/
    """
    path = f"/branches/{quote(branch_id, safe='')}/checkpoints"
    query = (("limit", str(min(limit, MOST_ON_A_PAGE))),)
    after = () if skip is None else (("skip", skip),)
    return Request("GET", "/branches/{id}/checkpoints", path, query=query + after)


def apps(project_id: int, skip: int = 0, limit: int = MOST_ON_A_PAGE) -> Request:
    """Ask for the published apps after the first `skip`, newest first, 50 at most.

    https://developer.playcanvas.com/user-manual/api/app-list/
    """
    query = {"limit": min(limit, MOST_ON_A_PAGE), "skip": skip, "sort": "created_at", "order": -1}
    return Request(
        "GET",
        "/projects/{id}/apps",
        f"/projects/{project_id}/apps",
        query=tuple((name, str(value)) for name, value in query.items()),
    )


def primary_app(project_id: int) -> Request:
    """Ask for the project's primary app."""
    return Request("GET", "/projects/{id}/app", f"/projects/{project_id}/app")


def ratelimits() -> Request:
    """Ask what the account may ask for: its limits a minute."""
    return Request("GET", "/ratelimits", "/ratelimits")


def decipher(status: int, headers: Mapping[str, str], body: bytes) -> tuple[object, RateLimit]:
    """Read an answer: its JSON and what it says of the limits, or raise the error it means."""
    limit = RateLimit.from_headers(headers)
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise _trouble(status, headers, body, limit)
    value = _parsed(body)
    if value is _RUBBISH:
        reason = f"{status} with {_sort_of(body)} instead of JSON"
        raise Unexpected(reason)
    return value, limit


def listing(value: object, read: Callable[[object], T]) -> tuple[T, ...]:
    """Read the entries of a listing; one that cannot be read is left out, not the whole."""
    entries = members(value, "listing").get("result")
    if not isinstance(entries, list):
        raise unreadable(value, "listing")
    found = []
    for entry in entries:
        try:
            found.append(read(entry))
        except Unexpected:
            continue
    return tuple(found)


def has_more(value: object) -> bool:
    """Say whether a page of branches or checkpoints is followed by another."""
    return part(members(value, "listing"), "pagination").get("hasMore") is True


def total(value: object) -> int | None:
    """Say how many apps there are on all pages, if the page does."""
    return whole(part(members(value, "listing"), "pagination").get("total"))


def _trouble(
    status: int, headers: Mapping[str, str], body: bytes, limit: RateLimit
) -> PlayCanvasError:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(_retry_after(headers), limit)
    said = _words(body)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Unavailable(f"it answers {status}" + (f" “{said}”" if said else ""))
    if status >= HTTPStatus.BAD_REQUEST:
        return _REFUSALS.get(status, Invalid)(status, said)
    return Unexpected(f"the status {status}, which it never sends")


_REFUSALS: Mapping[int, type[Refused]] = {
    HTTPStatus.UNAUTHORIZED: NotAllowed,
    HTTPStatus.FORBIDDEN: NotAllowed,
    HTTPStatus.NOT_FOUND: NotFound,
}


def _parsed(body: bytes) -> object:
    """Read JSON or return _RUBBISH; the parser's error holds the body, so ours may not hold it."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _RUBBISH


def _words(body: bytes) -> str:
    value = _parsed(body)
    if value is not _RUBBISH:
        return words(value)
    # A short plain text is meant for a reader; a page of HTML is not.
    plain = body.decode("utf-8", "replace")
    return words(plain) if len(plain) <= _LONGEST_PLAIN_TEXT and "<" not in plain else ""


def _sort_of(body: bytes) -> str:
    start = body.lstrip()[:1]
    return "HTML" if start == b"<" else "something" if start else "nothing"


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    value = _header(headers, "retry-after").strip()
    if _SECONDS.fullmatch(value):
        return timedelta(seconds=float(value))
    until, now = _http_date(value), _http_date(_header(headers, "date"))
    return max(until - now, timedelta(0)) if until and now else None


def _http_date(value: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(value)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    # Without a zone it is no HTTP date, and could not be compared with one.
    return read if read.tzinfo else None


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")
