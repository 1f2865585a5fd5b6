from dataclasses import replace

import pytest

from bot.builds.job import CONSOLE, Job, JobKind, JobState
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
from bot.builds.request import BuildRequest
from bot.console import ending
from tests.clock import Clock

NOW = Clock()()
REQUEST = BuildRequest("543988", ("Level 3",))
JOB = Job(1, JobKind.BUILD, JobState.READY, REQUEST, CONSOLE, NOW, NOW)
LINK = "https://files.example/s3cret/a.zip"


@pytest.mark.parametrize(
    ("outcome", "code", "messages"),
    [
        (Ready(LINK), 0, []),
        (Complete(2), 0, []),
        (Failed(("one", "two")), 1, ["one", "two"]),
        (Failed(()), 1, ["PlayCanvas gave no reason."]),
        (Incomplete(3, 1), 1, ["1 of the archives did not get ready."]),
        (Rejected("There is no scene “x”."), 2, ["There is no scene “x”."]),
        (Rejected("Not for you.", unanswered=True), 3, ["Not for you."]),
        (Refused("Invalid plan"), 3, ["Invalid plan"]),
        (Unreachable("no connection"), 3, ["no connection"]),
        (Expired(), 4, ["PlayCanvas gave no answer before the deadline."]),
        (Expired("500"), 4, ["PlayCanvas gave no answer before the deadline.", "500"]),
        (Cancelled("U1"), 4, ["Someone stopped it."]),
        (Unwatched("U1"), 4, ["Someone stopped it."]),
    ],
)
def test_each_outcome_has_its_code(outcome: Outcome, code: int, messages: list[str]) -> None:
    told = ending.of(replace(JOB, outcome=outcome)).to_json()
    assert (told["exit_code"], told["messages"]) == (code, messages)
    assert LINK not in repr(told)


def test_a_name_that_does_not_exist_is_offered_as_a_line_for_the_shell() -> None:
    outcome = Rejected("There is no scene.", ('/build 543988 "Level 3"',))
    hints = ending.of(replace(JOB, outcome=outcome)).hints
    assert hints == ("python -m bot build 543988 'Level 3'",)
