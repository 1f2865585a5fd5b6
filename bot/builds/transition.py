"""The moves a job can make, as values, and the notices each of them causes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.builds.job import ENDS_IN, MOVES, TERMINAL, Item, Job, JobState, Resolved
from bot.builds.outcome import Outcome


class NoticeKind(StrEnum):
    """What a user must be told: the card, the reply in its thread, an answer to the asker alone.

    A nudge asks in the thread what to do about a build that takes far longer than usual.
    A post offers everyone install links; who took one is listed in its thread, or a card's.
    """

    CARD = "card"
    REPLY = "reply"
    ANSWER = "answer"
    POST = "post"
    TAKEN = "taken"
    NUDGE = "nudge"


class IllegalMoveError(ValueError):
    """A transition that the state diagram does not have: a mistake in the code that asked."""

    def __init__(self, before: JobState, after: JobState) -> None:
        super().__init__(f"{before} has no move to {after}")


@dataclass(frozen=True, slots=True)
class Transition:
    """Where a job goes next and what is then known; a None leaves what the job has.

    `due_at` says when the loops look at it again (None in a terminal state), `keep_lease` that
    the one who records goes on with it at once under a whole lease, `branches` get an archive each,
    `nudges` that the asker is asked, once, whether to go on waiting.
    """

    state: JobState
    due_at: datetime | None
    deadline_at: datetime | None = None
    resolved: Resolved | None = None
    remote_id: int | None = None
    outcome: Outcome | None = None
    trouble: str | None = None
    attempts: int = 0
    eagerness: float | None = None
    keep_lease: bool = False
    branches: tuple[Item, ...] = ()
    nudges: bool = False


def queue(job: Job, resolved: Resolved, now: datetime) -> Transition:
    """Wait in line for a start, as every name exists."""
    return _move(job, Transition(JobState.QUEUED, due_at=now, resolved=resolved))


def divide(job: Job, branches: tuple[Item, ...]) -> Transition:
    """Leave the work to one archive of each branch; no loop looks at this one any more."""
    step = Transition(JobState.QUEUED, None, resolved=Resolved(()), branches=branches)
    return _move(job, step)


def submit(
    job: Job, now: datetime, patience: timedelta, resolved: Resolved | None = None
) -> Transition:
    """Go and ask PlayCanvas; the first attempt starts the clock for all of them."""
    deadline_at = job.deadline_at if job.attempts else now + patience
    step = Transition(
        JobState.SUBMITTING,
        due_at=now,
        deadline_at=deadline_at,
        resolved=resolved,
        attempts=job.attempts,
        keep_lease=True,
    )
    return _move(job, step)


def start(
    job: Job, remote_id: int, due_at: datetime, deadline_at: datetime, eagerness: float = 0.0
) -> Transition:
    """Follow PlayCanvas's job, as it took ours."""
    step = Transition(
        JobState.RUNNING, due_at, deadline_at, remote_id=remote_id, eagerness=eagerness
    )
    return _move(job, step)


def requeue(job: Job, due_at: datetime, trouble: str | None) -> Transition:
    """Go back in line, as the start did not get through; the trouble is told."""
    attempts = job.attempts + 1
    return _move(job, Transition(JobState.QUEUED, due_at, trouble=trouble, attempts=attempts))


def look_again(
    job: Job, due_at: datetime, eagerness: float | None = None, *, nudges: bool = False
) -> Transition:
    """Stay, as nothing has changed."""
    return Transition(job.state, due_at, eagerness=eagerness, nudges=nudges)


def try_again(job: Job, due_at: datetime, trouble: str) -> Transition:
    """Stay, as the question got no answer, and ask again later."""
    return Transition(job.state, due_at, trouble=trouble, attempts=job.attempts + 1)


def end(job: Job, outcome: Outcome) -> Transition:
    """End it for good: terminal states are final."""
    step = Transition(ENDS_IN[type(outcome)], due_at=None, outcome=outcome, attempts=job.attempts)
    return _move(job, step)


def notices(before: JobState, after: JobState, *, is_check: bool = False) -> frozenset[NoticeKind]:
    """List what a move makes the bot say; a job that stays where it is says nothing new.

    A check that has found nothing new is answered to the one who wanted it alone.
    """
    if is_check and after is JobState.EXPIRED:
        return frozenset({NoticeKind.ANSWER})
    if before == after or after is JobState.SUBMITTING:
        return frozenset()
    if before is JobState.ACCEPTED and after in TERMINAL:
        # Nobody but the asker has seen anything of it yet.
        return frozenset({NoticeKind.ANSWER})
    if after in TERMINAL:
        return frozenset({NoticeKind.CARD, NoticeKind.REPLY})
    return frozenset({NoticeKind.CARD})


def _move(job: Job, transition: Transition) -> Transition:
    if transition.state not in MOVES[job.state]:
        raise IllegalMoveError(job.state, transition.state)
    return transition
