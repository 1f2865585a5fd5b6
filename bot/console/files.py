"""Names of files: made of what was asked for, never of what a server says."""

import unicodedata
from typing import Final

from bot.builds.job import Job, JobKind

_MOST_BYTES: Final = 60
_MAIN: Final = "main"


def file_name(job: Job) -> str:
    """Name the zip of a job: fruit-level-3-4100001.zip, by PlayCanvas's own number."""
    project = job.request.alias or job.request.project
    return "-".join([_plain(project), _plain(_subject(job)), f"{job.remote_id or job.id}.zip"])


def branch_of(job: Job) -> str:
    """Name the branch of a job; without one PlayCanvas takes the main one."""
    resolved = job.resolved.branch if job.resolved else None
    return resolved.name if resolved else job.request.branch or _MAIN


def _subject(job: Job) -> str:
    if job.kind is JobKind.ARCHIVE:
        return branch_of(job)
    return job.resolved.scenes[0].name if job.resolved else job.request.scenes[0]


def _plain(name: str) -> str:
    """Keep letters and digits, with one dash for all between them."""
    folded = unicodedata.normalize("NFC", name).casefold()
    words = "".join(char if char.isalnum() else " " for char in folded).split()
    short = "-".join(words).encode()[:_MOST_BYTES].decode(errors="ignore").strip("-")
    return short or "untitled"
