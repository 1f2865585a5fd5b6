"""The audit trail: who did what, when and where, and which part of it someone wants to read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.builds.projects import Known, is_id, project_of
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word

AUDIT: Final = "audit"
USUALLY: Final = timedelta(days=7)
LISTED: Final = 15
_SPAN: Final = re.compile(r"([1-9][0-9]{0,3})([dh])")
_LONGEST_DAYS: Final = 3_650
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,14}")
_EXAMPLE: Final = "audit fruit 7d"


class Act(StrEnum):
    """What is written down, in the words that are read."""

    STARTED = "started"
    RETRIED = "retried"
    WATCHED = "watched again"
    STOPPED = "stopped"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"
    PAUSED = "paused the schedule of"
    RESUMED = "resumed the schedule of"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail: `subject` says what it was done to, as it was typed."""

    id: int
    at: datetime
    user_id: str
    channel_id: str
    act: Act
    subject: str
    job_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditListing:
    """A part of the trail: of a project or of all, that old at most, on from an entry."""

    project: str | None = None
    span: timedelta = USUALLY
    before: int | None = None

    def __str__(self) -> str:
        """Write it as the line that is read as the same part."""
        days, rest = divmod(self.span, timedelta(days=1))
        span = f"{rest // timedelta(hours=1) + 24 * days}h" if rest else f"{days}d"
        before = None if self.before is None else f"before={self.before}"
        return " ".join(filter(None, [AUDIT, self.project, span, before]))


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of it, newest first."""

    listing: AuditListing
    entries: tuple[Entry, ...]
    older: bool = False


def read_audit(words: Sequence[Word], known: Known) -> AuditListing:
    """Read what follows `audit`, or raise MisuseError."""
    project, span, before = None, None, None
    for word in words:
        if word.key is not None:
            before = _before(word)
        elif span is None and (found := _span(word)):
            span = found
        elif project is None:
            project = _project(word, known)
        else:
            problem = f"“{clip(str(word))}” is one too many: audit takes a project and a time."
            raise MisuseError(problem, _EXAMPLE)
    return AuditListing(project, span or USUALLY, before)


def _span(word: Word) -> timedelta | None:
    found = _SPAN.fullmatch(word.text.casefold())
    if found is None:
        return None
    many = int(found[1])
    span = timedelta(days=many) if found[2] == "d" else timedelta(hours=many)
    if span > timedelta(days=_LONGEST_DAYS):
        problem = f"{word.text} is too long ago; at most {_LONGEST_DAYS}d."
        raise MisuseError(problem, _EXAMPLE)
    return span


def _project(word: Word, known: Known) -> str:
    if is_id(word.text):
        return word.text
    return project_of(word.text, Known(known.projects), [AUDIT, word]).id


def _before(word: Word) -> int:
    if word.key == "before" and _NUMBER.fullmatch(word.text):
        return int(word.text)
    problem = f"“{clip(str(word))}” says nothing to me. Write a project, and a time like 7d or 12h."
    raise MisuseError(problem, _EXAMPLE)
