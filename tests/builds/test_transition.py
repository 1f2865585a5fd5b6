from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.job import (
    MOVES,
    TERMINAL,
    Asker,
    Item,
    Job,
    JobKind,
    JobState,
    Resolved,
    finished_at,
)
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
    observe,
)
from bot.builds.request import BuildRequest
from bot.builds.transition import (
    IllegalMoveError,
    NoticeKind,
    Transition,
    end,
    look_again,
    notices,
    queue,
    requeue,
    start,
    submit,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OUTCOMES: tuple[Outcome, ...] = (
    Ready("https://x"),
    Failed(()),
    Refused("no"),
    Unreachable("away"),
    Expired(),
    Rejected("what?"),
    Cancelled("U1"),
    Unwatched("U1"),
)


def _job(state: JobState) -> Job:
    return Job(
        1,
        JobKind.BUILD,
        state,
        BuildRequest("543988", ("Level 3",)),
        Asker("T1", "C1", "U1"),
        accepted_at=NOON,
        deadline_at=NOON + HOUR,
    )


Move = Callable[[Job], Transition]
ALL_MOVES: list[Move] = [
    lambda job: queue(job, Resolved((Item("7", "Level 3"),)), NOON),
    lambda job: submit(job, NOON, HOUR),
    lambda job: start(job, 9, NOON, NOON + HOUR),
    lambda job: requeue(job, NOON, "busy"),
    *[lambda job, outcome=outcome: end(job, outcome) for outcome in OUTCOMES],
]


@given(st.lists(st.sampled_from(ALL_MOVES), max_size=30))
def test_whatever_is_tried_a_job_only_takes_the_arrows_of_the_diagram(tried: list[Move]) -> None:
    job = _job(JobState.ACCEPTED)
    for move in tried:
        try:
            step = move(job)
        except IllegalMoveError:
            continue
        assert step.state in MOVES[job.state]
        assert (step.due_at is None) == (step.state in TERMINAL)
        assert (step.outcome is not None) == (step.state in TERMINAL)
        job = replace(job, state=step.state, attempts=step.attempts)


@dataclass(frozen=True)
class Seen:
    """What a look at PlayCanvas shows, whatever that is."""

    status: str
    url: str | None
    messages: tuple[str, ...]
    engine_version: str | None
    modified_at: datetime | None


LOOKS = st.builds(
    Seen,
    st.sampled_from(["running", "complete", "error"]) | st.text(),
    st.none() | st.text(),
    st.lists(st.text(), max_size=2).map(tuple),
    st.none() | st.text(),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(st.lists(LOOKS, max_size=8))
def test_whatever_is_seen_a_running_job_ends_once_and_in_time(looks: list[Seen]) -> None:
    job = replace(_job(JobState.RUNNING), started_at=NOON)
    for look in looks:
        seen = observe(look)
        if seen is None:
            assert look.status == "running"
            step = look_again(job, NOON + HOUR)
            assert (step.state, step.outcome) == (JobState.RUNNING, None)
            continue
        step = end(job, seen)
        assert step.state in {JobState.READY, JobState.FAILED}
        assert (step.state is JobState.READY) == (look.status == "complete" and bool(look.url))
        assert NOON <= finished_at(job, seen, NOON + HOUR) <= NOON + HOUR
        job = replace(job, state=step.state)
        break
    if job.state in TERMINAL:
        with pytest.raises(IllegalMoveError):
            end(job, Expired())


@pytest.mark.parametrize("state", sorted(TERMINAL))
@pytest.mark.parametrize("move", ALL_MOVES)
def test_terminal_states_are_final(state: JobState, move: Move) -> None:
    with pytest.raises(IllegalMoveError):
        move(_job(state))


def test_every_move_is_reached_by_some_transition() -> None:
    reached = set()
    for before in JobState:
        for move in ALL_MOVES:
            try:
                reached.add((before, move(_job(before)).state))
            except IllegalMoveError:
                continue
    assert reached == {(before, after) for before, moves in MOVES.items() for after in moves}


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (JobState.ACCEPTED, JobState.REJECTED, {NoticeKind.ANSWER}),
        (JobState.ACCEPTED, JobState.CANCELLED, {NoticeKind.ANSWER}),
        (JobState.ACCEPTED, JobState.QUEUED, {NoticeKind.CARD}),
        (JobState.QUEUED, JobState.SUBMITTING, set()),
        (JobState.SUBMITTING, JobState.RUNNING, {NoticeKind.CARD}),
        (JobState.RUNNING, JobState.RUNNING, set()),
        (JobState.RUNNING, JobState.READY, {NoticeKind.CARD, NoticeKind.REPLY}),
        (JobState.QUEUED, JobState.CANCELLED, {NoticeKind.CARD, NoticeKind.REPLY}),
    ],
)
def test_a_mistyped_name_leaves_no_mark_and_every_other_end_is_replied_to(
    before: JobState, after: JobState, kinds: set[NoticeKind]
) -> None:
    assert notices(before, after) == kinds


def test_the_first_attempt_starts_the_clock_for_all() -> None:
    first = submit(_job(JobState.QUEUED), NOON + 5 * HOUR, HOUR)
    again = submit(replace(_job(JobState.QUEUED), attempts=1), NOON + 5 * HOUR, HOUR)
    assert (first.deadline_at, again.deadline_at) == (NOON + 6 * HOUR, NOON + HOUR)
