"""What it takes to show a kind of notice: where it goes, what it says, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.builds.job import Job
from bot.slack.poster import Place
from bot.store import Store
from bot.store.notice import Notice


@dataclass(frozen=True, slots=True)
class Shown:
    """Where something stands now, if it does, and when it has to be edited again."""

    ts: str | None
    again_at: datetime | None = None


class Shows(Protocol):
    """Shows one kind of notice, as the store says it is now; raises what the poster raises."""

    async def show(self, notice: Notice) -> Shown | None:
        """Make Slack show it: post it, edit it, or tell one person alone; None if it waits."""

    async def place(self, notice: Notice) -> Place | None:
        """Say where it is posted; None where one person is told alone."""


async def job_of(store: Store, notice: Notice) -> Job:
    """Read the job that a notice is about, as it is now."""
    job = await store.jobs.get(notice.job_id or 0)
    if job is None:
        raise LookupError(notice.job_id)
    return job
