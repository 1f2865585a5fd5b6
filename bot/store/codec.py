"""Rows to values and back: what a column holds as JSON, checked when it is read."""

import hashlib
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from bot.builds.job import Asker, Job, JobKind, JobState, Resolved
from bot.builds.names import fold
from bot.builds.outcome import Outcome
from bot.builds.request import BuildRequest

_REQUEST = TypeAdapter(BuildRequest)
_RESOLVED = TypeAdapter(Resolved)
_WATCHERS = TypeAdapter(list[str])
_OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)


def dump_request(request: BuildRequest) -> str:
    """Write a request as JSON."""
    return _REQUEST.dump_json(request).decode()


def load_request(column: str) -> BuildRequest:
    """Read a request."""
    return _REQUEST.validate_json(column)


def dump_resolved(resolved: Resolved) -> str:
    """Write looked-up names as JSON."""
    return _RESOLVED.dump_json(resolved).decode()


def dump_outcome(outcome: Outcome) -> str:
    """Write an ending as JSON; its `kind` says which."""
    return _OUTCOME.dump_json(outcome).decode()


def load_watchers(column: str) -> tuple[str, ...]:
    """Read who else wants to be mentioned."""
    return tuple(_WATCHERS.validate_json(column))


def dump_watchers(watchers: tuple[str, ...]) -> str:
    """Write who else wants to be mentioned, as JSON."""
    return _WATCHERS.dump_json(list(watchers)).decode()


def likeness(kind: JobKind, request: BuildRequest) -> str:
    """Digest what makes two requests mean the same build, however their names were typed."""
    scenes = tuple(fold(scene) for scene in request.scenes)
    same = replace(request, scenes=scenes, branch=fold(request.branch or ""), alias=None)
    # A digest: PostgreSQL indexes no text as long as release notes can be.
    return hashlib.sha256(f"{kind}:{dump_request(same)}".encode()).hexdigest()


def series(kind: JobKind, request: BuildRequest, resolved: Resolved) -> str:
    """Name the builds whose durations can be compared: same project, same scenes."""
    return ":".join([kind, request.project, *(scene.id for scene in resolved.scenes)])


def dump_person(asker: Asker) -> dict[str, object]:
    """Write the columns that name someone and where they asked."""
    return {
        "team_id": asker.team_id,
        "channel_id": asker.channel_id,
        "user_id": asker.user_id,
    }


def asker_from(row: RowMapping) -> Asker:
    """Read who asked, and in which thread where that is kept."""
    return Asker(
        team_id=row["team_id"],
        channel_id=row["channel_id"],
        user_id=row["user_id"],
        response_url=row["response_url"],
        thread_ts=row.get("thread_ts"),
    )


def job_from(row: RowMapping) -> Job:
    """Read a job."""
    plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
    return Job(
        kind=JobKind(row["kind"]),
        state=JobState(row["state"]),
        request=load_request(row["request"]),
        asker=asker_from(row),
        resolved=_RESOLVED.validate_json(row["resolved"]) if row["resolved"] else None,
        outcome=_OUTCOME.validate_json(row["outcome"]) if row["outcome"] else None,
        watchers=load_watchers(row["watchers"]),
        **plain,
    )


_PLAIN = (
    "id",
    "accepted_at",
    "deadline_at",
    "due_at",
    "remote_id",
    "trouble",
    "retry_of",
    "parent_id",
    "started_at",
    "finished_at",
    "ended_at",
    "attempts",
    "version",
    "lease_owner",
)
