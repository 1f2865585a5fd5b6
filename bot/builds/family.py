"""A job that is several archives: where it is follows from where they are."""

from collections.abc import Mapping

from bot.builds.job import TERMINAL, JobState
from bot.builds.outcome import Complete, Incomplete, Outcome

_NEXT = {JobState.QUEUED: JobState.SUBMITTING, JobState.SUBMITTING: JobState.RUNNING}
_STOPPED = frozenset({JobState.CANCELLED, JobState.UNWATCHED})
_UNFAILED = _STOPPED | {JobState.READY}
_STARTED = TERMINAL | {JobState.RUNNING}


def moves(parent: JobState, children: Mapping[JobState, int]) -> list[JobState]:
    """List the moves that the parent has to make to be where its children are."""
    path: list[JobState] = []
    goal = _goal(children)
    while parent not in TERMINAL and parent is not goal and (step := _NEXT.get(parent, goal)):
        if _rank(step) <= _rank(parent):
            break
        path.append(parent := step)
    return path


def outcome(children: Mapping[JobState, int]) -> Outcome:
    """Say how several archives ended."""
    ready = children.get(JobState.READY, 0)
    stopped = sum(children.get(state, 0) for state in _STOPPED)
    failed = sum(children.values()) - ready - stopped
    return Incomplete(ready, failed, stopped) if failed or stopped else Complete(ready)


def _goal(children: Mapping[JobState, int]) -> JobState:
    if all(state in TERMINAL for state in children):
        if set(children) == {JobState.READY}:
            return JobState.READY
        # Someone wished it so: nothing failed.
        return JobState.UNWATCHED if set(children) <= _UNFAILED else JobState.FAILED
    if _STARTED & set(children):
        return JobState.RUNNING
    return JobState.SUBMITTING if JobState.SUBMITTING in children else JobState.QUEUED


def _rank(state: JobState) -> int:
    order = (JobState.QUEUED, JobState.SUBMITTING, JobState.RUNNING)
    return order.index(state) if state in order else len(order)
