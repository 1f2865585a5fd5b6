"""A job: what was asked, where it is, and which moves are legal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.builds.outcome import (
    Cancelled,
    Complete,
    Expired,
    Failed,
    Incomplete,
    Outcome,
    Ready,
    Refused,
    Rejected,
    Unreachable,
    Unwatched,
)
from bot.builds.request import BuildRequest


class JobKind(StrEnum):
    """What PlayCanvas is asked for."""

    BUILD = "build"
    ARCHIVE = "archive"


class JobState(StrEnum):
    """Where a job is, in the user's words."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"
    UNWATCHED = "unwatched"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


_NONE: frozenset[JobState] = frozenset()

# A branch of several begins in line; what is watched again is being built already.
BEGINNINGS = frozenset({JobState.ACCEPTED, JobState.QUEUED, JobState.RUNNING})
MOVES: Mapping[JobState, frozenset[JobState]] = {
    JobState.ACCEPTED: frozenset({JobState.QUEUED, JobState.REJECTED, JobState.CANCELLED}),
    JobState.QUEUED: frozenset({JobState.SUBMITTING, JobState.CANCELLED}),
    JobState.SUBMITTING: frozenset({JobState.RUNNING, JobState.QUEUED, JobState.FAILED}),
    JobState.RUNNING: frozenset(
        {JobState.READY, JobState.FAILED, JobState.EXPIRED, JobState.UNWATCHED}
    ),
    JobState.READY: _NONE,
    JobState.FAILED: _NONE,
    JobState.EXPIRED: _NONE,
    JobState.UNWATCHED: _NONE,
    JobState.CANCELLED: _NONE,
    JobState.REJECTED: _NONE,
}
TERMINAL = frozenset(state for state, moves in MOVES.items() if not moves)
ACTIVE = frozenset(MOVES) - TERMINAL

ENDS_IN: Mapping[type[Outcome], JobState] = {
    Ready: JobState.READY,
    Failed: JobState.FAILED,
    Refused: JobState.FAILED,
    Unreachable: JobState.FAILED,
    Expired: JobState.EXPIRED,
    Rejected: JobState.REJECTED,
    Cancelled: JobState.CANCELLED,
    Unwatched: JobState.UNWATCHED,
    Complete: JobState.READY,
    Incomplete: JobState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, and where. The response URL lets anyone answer them: never logged."""

    team_id: str
    channel_id: str
    user_id: str
    response_url: str | None = field(default=None, repr=False)
    thread_ts: str | None = None

    @property
    def is_in_slack(self) -> bool:
        """Whether there is a place to tell them; the command line follows its jobs itself."""
        return bool(self.channel_id)


CONSOLE = Asker(team_id="", channel_id="", user_id="")
"""Who asks on the command line: nobody that Slack knows."""


@dataclass(frozen=True, slots=True)
class Item:
    """A scene or branch as PlayCanvas knows it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A checkpoint: who made it, and the first line of what they wrote."""

    author: str
    line: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The newest checkpoints since a build; `more` counts those that are not listed.

    `uncounted` says that there may be more than that: the last build's own was not found.
    """

    since: int
    listed: tuple[Change, ...]
    more: int = 0
    uncounted: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """The names of a request, looked up, and what is known of the branch at the start.

    `branch` is the one that was named, `branch_id` the one that is built, also when none was.
    `engine` is sent when the command names none; `changes` are those since the last ready build.
    """

    scenes: tuple[Item, ...]
    branch: Item | None = None
    branch_id: str | None = None
    engine: str | None = None
    checkpoint_id: str | None = None
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Our durable record of one build or archive, shown as #142.

    `finished_at` is when PlayCanvas was done, `ended_at` when that was recorded here.
    `watchers` want to be mentioned at the end beside who asked. One with a `parent_id` is one of
    several archives that were asked for at once: it says nothing by itself.
    """

    id: int
    kind: JobKind
    state: JobState
    request: BuildRequest
    asker: Asker
    accepted_at: datetime
    deadline_at: datetime
    due_at: datetime | None = None
    resolved: Resolved | None = None
    remote_id: int | None = None
    outcome: Outcome | None = None
    trouble: str | None = None
    retry_of: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    ended_at: datetime | None = None
    attempts: int = 0
    version: int = 0
    lease_owner: str | None = None
    watchers: tuple[str, ...] = ()
    parent_id: int | None = None

    @property
    def is_check(self) -> bool:
        """Whether it is but one look at what an earlier job has left at PlayCanvas."""
        return self.retry_of is not None and self.deadline_at <= self.accepted_at

    @property
    def took(self) -> timedelta | None:
        """How long it took, by PlayCanvas's word where it gave one; None until it is over."""
        if self.finished_at is None:
            return None
        return self.finished_at - (self.started_at or self.accepted_at)


def finished_at(job: Job, outcome: Outcome, now: datetime) -> datetime:
    """Say when it was over: the server's word if it can be true, else when we saw it."""
    said = outcome.finished_at if isinstance(outcome, Ready | Failed) else None
    if said is None or job.started_at is None:
        return now
    return min(max(said, job.started_at), now)
