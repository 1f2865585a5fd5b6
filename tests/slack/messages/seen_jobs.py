"""Jobs as messages meet them."""

from dataclasses import replace
from datetime import timedelta

from bot.builds.job import Asker, Item, Job, JobKind, JobState, Resolved
from bot.builds.options import BuildOptions
from bot.builds.outcome import (
    Cancelled,
    Expired,
    Failed,
    Outcome,
    Ready,
    Refused,
    Rejected,
    Unreachable,
    Unwatched,
)
from bot.builds.request import BuildRequest
from tests.clock import NOON

QUEUED = Job(
    id=142,
    kind=JobKind.BUILD,
    state=JobState.QUEUED,
    request=BuildRequest(
        "543988", ("Level 3",), options=BuildOptions(name="Fruit Rush", engine="2.20.6")
    ),
    asker=Asker("T1", "C1", "U123"),
    accepted_at=NOON,
    deadline_at=NOON + timedelta(hours=1),
    due_at=NOON,
    resolved=Resolved((Item("7", "Level 3"),)),
)
RUNNING = replace(QUEUED, state=JobState.RUNNING, remote_id=9, started_at=NOON)


def over(state: JobState, outcome: Outcome, seconds: float = 64, job: Job = RUNNING) -> Job:
    at = NOON + timedelta(seconds=seconds)
    return replace(job, state=state, outcome=outcome, finished_at=at, ended_at=at, due_at=None)


READY = over(JobState.READY, Ready("https://download.example/z.zip?a=1&b=2", "2.20.6"))
ENDINGS = {
    "ready": READY,
    "ready on another engine": over(
        JobState.READY, Ready("https://download.example/z.zip", "2.21.0")
    ),
    "failed": over(JobState.FAILED, Failed(("Could not export", "main.mjs: no <default>")), 22),
    "failed without a reason": over(JobState.FAILED, Failed(())),
    "refused": over(JobState.FAILED, Refused("PlayCanvas does not find this."), 1, QUEUED),
    "unreachable": over(
        JobState.FAILED, Unreachable("PlayCanvas is not available: 502."), 3600, QUEUED
    ),
    "lost": over(JobState.FAILED, Refused("PlayCanvas does not allow this.")),
    "expired": over(JobState.EXPIRED, Expired("PlayCanvas is not available: 500."), 3600),
    "expired in silence": over(JobState.EXPIRED, Expired(), 3600),
    "cancelled": over(JobState.CANCELLED, Cancelled("U9"), 5, QUEUED),
    "unwatched": over(JobState.UNWATCHED, Unwatched("U9"), 30),
}
REJECTED = Rejected(
    "There is no scene “Levle 3”.", ('/build 543988 "Level 3"', '/build 543988 "A `tick`"')
)
