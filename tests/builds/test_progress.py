from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.progress import changes_in, is_long, told
from bot.builds.saying import age
from bot.builds.usual import Usual

USUAL = Usual(timedelta(seconds=40), timedelta(seconds=70))
SECONDS = st.floats(0, 10_000).map(lambda seconds: timedelta(seconds=seconds))
USUALS = st.none() | st.builds(lambda low, more: Usual(low, low + more), SECONDS, SECONDS)


def _shown(usual: Usual | None, until: int) -> list[str]:
    """List what a card shows, edited when it is no longer true."""
    elapsed, shown = timedelta(), []
    while elapsed <= timedelta(seconds=until):
        shown.append(age(told(elapsed, usual)))
        elapsed += changes_in(elapsed, usual)
    return shown


def test_steps_are_round_and_grow_with_what_is_usual_and_with_the_age() -> None:
    assert _shown(USUAL, 90) == [f"{seconds} s" for seconds in range(0, 100, 10)]
    short = Usual(timedelta(seconds=18), timedelta(seconds=22))
    assert _shown(short, 30) == [f"{seconds} s" for seconds in range(0, 35, 5)]
    hours = _shown(None, 3_600)
    assert hours[-2:] == ["58m 00s", "1h 00m"]
    assert len(hours) < 60


@given(USUALS, st.lists(SECONDS, min_size=2))
def test_an_age_is_never_ahead_and_never_goes_back(
    usual: Usual | None, ages: list[timedelta]
) -> None:
    shown = [told(each, usual) for each in sorted(ages)]
    assert all(before <= after for before, after in pairwise(shown))
    assert all(each <= real for each, real in zip(shown, sorted(ages), strict=True))


@given(USUALS, SECONDS)
def test_every_edit_shows_something_new_and_none_comes_within_seconds(
    usual: Usual | None, elapsed: timedelta
) -> None:
    wait = changes_in(elapsed, usual)
    assert timedelta(seconds=5) <= wait <= timedelta(minutes=2)
    assert told(elapsed + wait, usual) > told(elapsed, usual)


@pytest.mark.parametrize(
    ("high", "seconds", "long"),
    [(70, 299, False), (70, 300, True), (200, 599, False), (200, 600, True), (None, 3_000, False)],
)
def test_long_is_three_times_the_usual_and_five_minutes_at_least(
    high: int | None, seconds: int, *, long: bool
) -> None:
    usual = None if high is None else Usual(timedelta(seconds=40), timedelta(seconds=high))
    assert is_long(timedelta(seconds=seconds), usual) is long
