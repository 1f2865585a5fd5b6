from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.pacing import LONGEST_LOOK, Usual, back_off, next_look, usual


def _seconds(*values: float) -> list[timedelta]:
    return [timedelta(seconds=value) for value in values]


@pytest.mark.parametrize(("elapsed", "wait"), [(0, 1), (20, 2), (100, 10), (3000, 15)])
def test_the_older_a_job_the_rarer_the_looks(elapsed: float, wait: float) -> None:
    assert next_look(timedelta(seconds=elapsed)) == timedelta(seconds=wait)


@given(st.integers(0, 10_000))
def test_no_job_waits_longer_than_a_quarter_of_a_minute(elapsed: int) -> None:
    assert timedelta() < next_look(timedelta(seconds=elapsed)) <= LONGEST_LOOK


def test_back_off_doubles_up_to_a_minute() -> None:
    waits = [back_off(attempts).total_seconds() for attempts in range(8)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert back_off(10**9) == timedelta(minutes=1)


def test_four_samples_say_nothing() -> None:
    assert usual(_seconds(50, 50, 50, 50)) is None


def test_the_usual_is_the_middle_half() -> None:
    low, high = _seconds(40, 70)
    assert usual(_seconds(10, 40, 40, 50, 70, 70, 900)) == Usual(low, high)
