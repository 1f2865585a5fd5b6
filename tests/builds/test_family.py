from hypothesis import given
from hypothesis import strategies as st

from bot.builds.family import moves, outcome
from bot.builds.job import MOVES, TERMINAL, JobState
from bot.builds.outcome import Complete, Incomplete

CHILDREN = st.dictionaries(
    st.sampled_from(sorted(set(JobState) - {JobState.ACCEPTED, JobState.REJECTED})),
    st.integers(1, 9),
    min_size=1,
)


@given(st.sampled_from([JobState.QUEUED, JobState.SUBMITTING, JobState.RUNNING]), CHILDREN)
def test_every_step_is_an_arrow_and_all_over_means_over(
    parent: JobState, children: dict[JobState, int]
) -> None:
    state = parent
    for step in moves(parent, children):
        assert step in MOVES[state]
        state = step
    assert (state in TERMINAL) == (set(children) <= TERMINAL)


@given(st.sampled_from(sorted(TERMINAL)), CHILDREN)
def test_what_is_over_stays_so(parent: JobState, children: dict[JobState, int]) -> None:
    assert moves(parent, children) == []


def test_it_starts_with_the_first_and_ends_with_the_last() -> None:
    assert moves(JobState.QUEUED, {JobState.QUEUED: 2}) == []
    assert moves(JobState.QUEUED, {JobState.QUEUED: 1, JobState.SUBMITTING: 1}) == [
        JobState.SUBMITTING
    ]
    assert moves(JobState.SUBMITTING, {JobState.QUEUED: 1, JobState.FAILED: 1}) == [
        JobState.RUNNING
    ]
    assert moves(JobState.RUNNING, {JobState.QUEUED: 1, JobState.READY: 5}) == []
    assert moves(JobState.RUNNING, {JobState.READY: 5}) == [JobState.READY]
    assert moves(JobState.SUBMITTING, {JobState.FAILED: 5}) == [JobState.RUNNING, JobState.FAILED]


def test_the_end_is_counted() -> None:
    assert outcome({JobState.READY: 12}) == Complete(12)
    assert outcome({JobState.READY: 11, JobState.EXPIRED: 1}) == Incomplete(11, 1)
    stopped = {JobState.READY: 11, JobState.UNWATCHED: 1, JobState.CANCELLED: 2}
    assert outcome(stopped) == Incomplete(11, 0, 3)
    assert moves(JobState.RUNNING, stopped) == [JobState.UNWATCHED]
    failed = stopped | {JobState.FAILED: 1}
    assert outcome(failed) == Incomplete(11, 1, 3)
    assert moves(JobState.RUNNING, failed) == [JobState.FAILED]
