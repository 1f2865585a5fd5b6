"""PlayCanvas's values: frozen dataclasses that read themselves from JSON of either generation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self
from urllib.parse import quote

from bot.playcanvas.errors import Unexpected
from bot.playcanvas.limits import LARGEST_COUNT
from bot.playcanvas.reading import clean, members, moment, part, text, texts, unreadable, whole

# What a URI may hold, and "%" because what is encoded already stays as it is (RFC 3986).
_LEGAL = "!#$%&'()*+,/:;=?@[]~"


class RemoteStatus(StrEnum):
    """Where PlayCanvas's own job is."""

    RUNNING = "running"
    COMPLETE = "complete"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class RemoteJob:
    """PlayCanvas's own job. The URL is a bearer secret, hidden in the repr.

    https://developer.playcanvas.com/user-manual/api/job-get/
    """

    id: int
    status: RemoteStatus
    messages: tuple[str, ...] = ()
    url: str | None = field(default=None, repr=False)
    created_at: datetime | None = None
    modified_at: datetime | None = None
    engine_version: str | None = None

    @classmethod
    def from_json(cls, value: object, *, asked: int | None = None) -> Self:
        """Read a job; `asked` is the id that was asked for, which an answer may leave out.

        Raise Unexpected for an error body, an unknown status and another job than asked.
        """
        found = members(value, "job")
        remote_id = whole(found.get("id", asked))
        if remote_id is None:
            raise unreadable(value, "job id")
        if asked not in (None, remote_id):
            message = f"job {remote_id} instead of {asked}"
            raise Unexpected(message)
        data = part(found, "data")
        return cls(
            id=remote_id,
            status=_status(found),
            messages=texts(found.get("messages")) or texts(found.get("error")),
            url=_url(data.get("download_url"), data.get("url"), found.get("url")),
            created_at=moment(found.get("created_at")),
            modified_at=moment(found.get("modified_at")),
            engine_version=text(data.get("engineVersion")) or text(data.get("engine_version")),
        )

    @classmethod
    def started(cls, value: object) -> Self:
        """Read the answer to a start: with an id and no error it runs, whatever else it says."""
        found = members(value, "job")
        if found.get("status") not in list(RemoteStatus) and not found.get("error"):
            found = {**found, "status": RemoteStatus.RUNNING.value}
        return cls.from_json(found)


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene of a project; its id changes when it is replaced under the same name."""

    id: int
    name: str
    project_id: int | None = None
    modified_at: datetime | None = None

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read one entry of a listing; raise Unexpected if it has no id."""
        found = members(value, "scene")
        return cls(
            id=_id(found),
            name=text(found.get("name")) or "",
            project_id=whole(found.get("projectId")),
            modified_at=moment(found.get("modified")),
        )


@dataclass(frozen=True, slots=True)
class Branch:
    """An open or closed branch of a project."""

    id: str
    name: str
    closed: bool = False
    latest_checkpoint_id: str | None = None

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read one entry of a listing; raise Unexpected if it has no id."""
        found = members(value, "branch")
        return cls(
            id=_key(found),
            name=text(found.get("name")) or "",
            closed=found.get("closed") is True,
            latest_checkpoint_id=text(found.get("latestCheckpointId")),
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A commit on a branch: what its author says was changed."""

    id: str
    description: str
    created_at: datetime | None = None
    author: str | None = None

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read one entry of a listing; raise Unexpected if it has no id."""
        found = members(value, "checkpoint")
        user = part(found, "user")
        return cls(
            id=_key(found),
            description=text(found.get("description")) or "",
            created_at=moment(found.get("createdAt")),
            author=text(user.get("fullName")) or text(user.get("username")),
        )


@dataclass(frozen=True, slots=True)
class App:
    """A published app of a project; `size` is in bytes."""

    id: int
    name: str
    version: str | None = None
    release_notes: str | None = None
    size: int | None = None
    views: int | None = None
    completed_at: datetime | None = None
    url: str | None = None

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read an app; raise Unexpected if it has no id."""
        found = members(value, "app")
        return cls(
            id=_id(found),
            name=text(found.get("name")) or "",
            version=text(found.get("version")),
            release_notes=text(found.get("release_notes")),
            size=whole(found.get("size")),
            views=whole(found.get("views")),
            completed_at=moment(found.get("completed_at")),
            url=_url(found.get("url")),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """What the account may ask, in requests a minute; None where the server did not say."""

    normal: int | None
    strict: int | None

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read `GET /ratelimits`; raise Unexpected if neither limit is in it."""
        found = members(value, "rate limits")
        limits = cls(_limit(found.get("normal")), _limit(found.get("strict")))
        if limits == cls(None, None):
            raise unreadable(value, "rate limits")
        return limits


@dataclass(frozen=True, slots=True)
class AppExport:
    """What `POST /apps/download` can be asked for, under its own names; None is left out.

    The first scene is the start scene. `target` is known to the older page alone.
    https://developer.playcanvas.com/user-manual/api/app-download/
    """

    project_id: int
    name: str
    scenes: tuple[int, ...]
    branch_id: str | None = None
    description: str | None = None
    version: str | None = None
    release_notes: str | None = None
    engine_version: str | None = None
    format: Literal["static", "npm"] | None = None
    target: Literal["web", "ios"] | None = None
    scripts_minify: bool | None = None
    scripts_concatenate: bool | None = None
    scripts_sourcemaps: bool | None = None
    optimize_scene_format: bool | None = None
    preload_bundle: bool | None = None


def _limit(value: object) -> int | None:
    # None of zero: it would forbid to ever ask again.
    number = whole(value)
    return min(number, LARGEST_COUNT) if number else None


def _status(found: Mapping[str, object]) -> RemoteStatus:
    status = found.get("status")
    if status is None:
        raise unreadable(found, "status")
    known = {each.value: each for each in RemoteStatus}
    if not isinstance(status, str) or status not in known:
        message = f"the unknown status “{clean(str(status))[:100]}”"
        raise Unexpected(message)
    return known[status]


def _url(*candidates: object) -> str | None:
    found = (text(candidate) for candidate in candidates)
    return next((quote(url, safe=_LEGAL) for url in found if url and _is_link(url)), None)


def _is_link(url: str) -> bool:
    return url.lower().startswith(("https://", "http://"))


def _id(found: Mapping[str, object]) -> int:
    number = whole(found.get("id"))
    if number is None:
        raise unreadable(found, "id")
    return number


def _key(found: Mapping[str, object]) -> str:
    key = found.get("id")
    if isinstance(key, int) and not isinstance(key, bool):
        key = str(key)
    read = text(key)
    if read is None:
        raise unreadable(found, "id")
    return read
