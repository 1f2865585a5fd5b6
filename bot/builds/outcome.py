"""How a job ended, and the facts each ending carries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Ready:
    """The export can be downloaded. The URL is a bearer secret and opaque."""

    url: str = field(repr=False)
    engine_version: str | None = None
    finished_at: datetime | None = None
    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class Failed:
    """PlayCanvas took the export and reported an error, in its own words."""

    messages: tuple[str, ...]
    finished_at: datetime | None = None
    kind: Literal["failed"] = "failed"


@dataclass(frozen=True, slots=True)
class Refused:
    """PlayCanvas does not allow this, or did not take the export: why, in its words."""

    sentence: str
    kind: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """PlayCanvas could not be asked to start before the deadline; the last trouble."""

    sentence: str
    kind: Literal["unreachable"] = "unreachable"


@dataclass(frozen=True, slots=True)
class Expired:
    """No answer before the deadline; the last trouble, if there was one."""

    sentence: str | None = None
    kind: Literal["expired"] = "expired"


@dataclass(frozen=True, slots=True)
class Rejected:
    """Nothing was started: a name does not exist, or could not be looked up.

    `suggestions` are lines that would do, or names for lines that are too long to repeat; `more`
    counts those that are left out. `unanswered` says that PlayCanvas did not let the bot look.
    """

    problem: str
    suggestions: tuple[str, ...] = ()
    more: int = 0
    unanswered: bool = False
    kind: Literal["rejected"] = "rejected"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Someone stopped it before it started."""

    by: str
    kind: Literal["cancelled"] = "cancelled"


@dataclass(frozen=True, slots=True)
class Unwatched:
    """Someone stopped watching; PlayCanvas finishes it unseen."""

    by: str
    kind: Literal["unwatched"] = "unwatched"


@dataclass(frozen=True, slots=True)
class Complete:
    """Every one of several archives is ready."""

    archived: int
    kind: Literal["complete"] = "complete"


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Several archives are over, and some of them are not ready: they failed or were stopped."""

    archived: int
    failed: int
    stopped: int = 0
    kind: Literal["incomplete"] = "incomplete"


Outcome = (
    Ready
    | Failed
    | Refused
    | Unreachable
    | Expired
    | Rejected
    | Cancelled
    | Unwatched
    | Complete
    | Incomplete
)


class Remote(Protocol):
    """What a look at PlayCanvas's own job shows."""

    @property
    def status(self) -> str:
        """`running`, `complete` or `error`."""

    @property
    def url(self) -> str | None:
        """Where the export can be downloaded."""

    @property
    def messages(self) -> Sequence[str]:
        """The server's words, verbatim."""

    @property
    def engine_version(self) -> str | None:
        """The engine the export carries, when the server says."""

    @property
    def modified_at(self) -> datetime | None:
        """When it last changed: for one that is over, when it ended."""


def observe(remote: Remote) -> Outcome | None:
    """Decide what a look means, None while it runs; `complete` without a link is a failure."""
    if remote.status == "running":
        return None
    if remote.status == "complete" and remote.url:
        return Ready(remote.url, remote.engine_version, remote.modified_at)
    if remote.status == "complete":
        unlinked = "PlayCanvas says the export is complete but gives no download link."
        return Failed((*remote.messages, unlinked), remote.modified_at)
    return Failed(tuple(remote.messages), remote.modified_at)
