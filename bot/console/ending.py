"""How a command ends: its exit code, what is said of it, and the same as JSON."""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from bot.builds.job import Job
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
from bot.console.asked import shell_line

_NO_REASON = "PlayCanvas gave no reason."
_NO_ANSWER = "PlayCanvas gave no answer before the deadline."
_STOPPED = "Someone stopped it."


class Exit(IntEnum):
    """What a build server reads."""

    READY = 0
    FAILED = 1
    USAGE = 2
    OUT_OF_REACH = 3
    GAVE_UP = 4
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands on the disk now; of several archives each has a branch."""

    path: Path
    size: int
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended: in sentences, in PlayCanvas's own words, and with lines that would do."""

    exit: Exit
    said: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    job: Job | None = None
    saved: tuple[Saved, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Write it for a program; without the download link, which is a secret in a log."""
        return {
            "result": self.exit.name.lower(),
            "exit_code": int(self.exit),
            **(_facts(self.job) if self.job else {}),
            "messages": [*self.quoted, *self.said],
            "suggestions": list(self.hints),
            "files": [
                {"path": str(each.path), "bytes": each.size}
                | ({"branch": each.branch} if each.branch else {})
                for each in self.saved
            ],
        }


class EndError(Exception):
    """Ends the command where it is."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.exit)
        self.ending = ending


def of(job: Job) -> Ending:
    """Read how a job ended that is over."""
    code, said = _read(job.outcome)
    quoted = job.outcome.messages if isinstance(job.outcome, Failed) else ()
    hints = job.outcome.suggestions if isinstance(job.outcome, Rejected) else ()
    return Ending(code, said, quoted, tuple(map(shell_line, hints)), job)


def _read(outcome: Outcome | None) -> tuple[Exit, tuple[str, ...]]:  # noqa: PLR0911 - one for each ending
    match outcome:
        case Ready() | Complete():
            return Exit.READY, ()
        case Failed(messages=messages):
            return Exit.FAILED, () if messages else (_NO_REASON,)
        case Incomplete(failed=failed):
            return Exit.FAILED, (f"{failed} of the archives did not get ready.",)
        case Refused(sentence=sentence) | Unreachable(sentence=sentence):
            return Exit.OUT_OF_REACH, (sentence,)
        case Rejected(problem=problem, unanswered=unanswered):
            return Exit.OUT_OF_REACH if unanswered else Exit.USAGE, (problem,)
        case Expired(sentence=sentence):
            return Exit.GAVE_UP, tuple(filter(None, (_NO_ANSWER, sentence)))
        case Cancelled() | Unwatched() | None:
            return Exit.GAVE_UP, (_STOPPED,)


def _facts(job: Job) -> dict[str, Any]:
    resolved, outcome = job.resolved, job.outcome
    scenes = [each.name for each in resolved.scenes] if resolved else job.request.scenes
    asked = job.request.options.engine or (resolved.engine if resolved else None)
    carries = outcome.engine_version if isinstance(outcome, Ready) else None
    branch = resolved.branch.name if resolved and resolved.branch else job.request.branch
    return {
        "kind": str(job.kind),
        "job": job.id,
        "playcanvas_job": job.remote_id,
        "project": job.request.project,
        "scenes": list(scenes),
        "branch": branch,
        "engine": carries or asked,
        "seconds": round(job.took.total_seconds(), 1) if job.took is not None else None,
    }
