"""How it goes, on a terminal and in a log: the same words, at another pace."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.builds.job import Job, JobKind, JobState
from bot.builds.saying import duration, ordinal, usually
from bot.builds.usual import Usual

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job is: the words, how long it has been at it, and how long it usually is."""

    words: str
    elapsed: timedelta
    usual: Usual | None = None

    def __str__(self) -> str:
        """Say all of it on one line."""
        usual = f", {usually(self.usual)}" if self.usual else ""
        return f"{self.words}, {duration(self.elapsed)} so far{usual}"


class Progress(Protocol):
    """Shows people how it goes."""

    def stands(self, title: str, standing: Standing) -> None:
        """Show where a job is; told several times a second."""

    def moves(self, deed: str, done: int, total: int | None) -> None:
        """Show how many bytes are downloaded or unpacked; told with each piece."""

    def note(self, line: str) -> None:
        """Say a line that stays."""

    def close(self) -> None:
        """Leave the cursor at the beginning of a line."""


def standing(job: Job, place: int | None, usual: Usual | None, now: datetime) -> Standing:
    """Say where a job is that is not over."""
    if job.state is JobState.RUNNING:
        words = "archiving" if job.kind is JobKind.ARCHIVE else "building"
        return Standing(_with_trouble(words, job), now - (job.started_at or now), usual)
    words = {
        JobState.ACCEPTED: "looking its names up",
        JobState.QUEUED: f"queued, {ordinal(place)} in line" if place else "queued",
        JobState.SUBMITTING: "starting",
    }.get(job.state, str(job.state))
    return Standing(_with_trouble(words, job), now - job.accepted_at)


def title(job: Job) -> str:
    """Name a job: its project and its scenes or branch, as they were typed until they are known."""
    request = job.request
    if job.kind is JobKind.ARCHIVE:
        several = request.branches is not None
        branch = job.resolved.branch.name if job.resolved and job.resolved.branch else None
        subject = "archive of " + ("every branch" if several else branch or "its branch")
    else:
        scenes = [each.name for each in job.resolved.scenes] if job.resolved else request.scenes
        more = f" +{len(scenes) - 1} more" if len(scenes) > 1 else ""
        subject = f"{line(scenes[0], _LONGEST_NAME)}{more}"
    return f"{line(request.alias or request.project, _LONGEST_NAME)} · {subject}"


def line(text: str, most: int = 1_000) -> str:
    """Show foreign text on one line, without what a terminal would obey."""
    plain = "".join(
        " " if unicodedata.category(char).startswith(("C", "Z")) else char for char in text
    )
    short = " ".join(plain.split())
    return short if len(short) <= most else f"{short[: most - 1]}…"


def _with_trouble(words: str, job: Job) -> str:
    return f"{words}; {line(job.trouble, 200)}" if job.trouble else words
