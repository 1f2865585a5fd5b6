import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.drift import alarm, since_changes

STEADY = [math.log(each) for each in (58, 61, 60, 63, 57, 60)] * 4
LOGS = st.lists(st.floats(0, 10), min_size=1, max_size=50)


def holding(*newest: float) -> dict[int, float]:
    """How likely it is that only so many of the newest still hold."""
    logs = [*(math.log(each) for each in newest), *STEADY]
    return {len(samples): likely for likely, samples in since_changes(logs)}


def account(took: float, projects: int, *, of: int = 5) -> list[tuple[str | None, float]]:
    """Ten rounds of builds that took a minute, and then one of each of so many projects."""
    last = [(str(number), math.log(took)) for number in range(projects)]
    return [*last, *((str(n % of), STEADY[n % 6]) for n in range(10 * of))]


@given(LOGS)
def test_the_likelihoods_are_those_of_all_there_is(logs: list[float]) -> None:
    found = list(since_changes(logs))
    assert math.isclose(sum(likely for likely, _ in found), 1)
    assert found[0][1] == logs
    assert all(samples == logs[: len(samples)] for _, samples in found)


def test_while_nothing_changes_all_hold() -> None:
    assert holding()[len(STEADY)] > 0.9


def test_one_that_is_far_off_may_be_a_change_and_more_of_them_are() -> None:
    assert 0.2 < holding(180)[1] < 0.8
    assert 0.8 < holding(175, 180)[2] < 0.95
    assert holding(190, 175, 180)[3] > 0.95


def test_one_that_is_far_off_among_the_usual_was_none() -> None:
    assert holding(61, 58, 180)[len(STEADY) + 3] > 0.9


def test_a_slow_drift_is_no_change() -> None:
    assert holding(66, 66, 64, 64)[len(STEADY) + 4] > 0.8


@given(LOGS)
def test_no_builds_make_the_account_less_likely_to_have_changed(logs: list[float]) -> None:
    assert alarm([("1", each) for each in logs]) >= 1


def test_an_account_that_takes_what_it_took_raises_no_alarm() -> None:
    assert alarm(account(60, 5)) == 1


@pytest.mark.parametrize("took", [20, 180])
def test_the_more_projects_are_off_the_louder(took: float) -> None:
    alarms = [alarm(account(took, projects)) for projects in range(4)]
    assert alarms == sorted(alarms)
    assert 10 < alarms[1] < 100
    assert alarms[3] > 10_000


def test_those_that_are_as_foretold_take_it_back() -> None:
    off = account(180, 1)
    assert alarm([*account(60, 4)[:4], *off]) == 1


def test_a_first_build_and_one_of_unknown_scenes_foretell_nothing() -> None:
    strange = [(str(100 + number), math.log(1_000)) for number in range(5)]
    unknown = [(None, math.log(each)) for each in (*[1_000] * 3, *[1] * 10)]
    assert alarm([*strange, *account(60, 5)]) == 1
    assert alarm([*unknown, *account(60, 5)]) == 1
