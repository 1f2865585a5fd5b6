import math
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.builds.durations import EDGES, Durations
from bot.builds.expected import Took, expected

SAMPLES = st.lists(st.timedeltas(timedelta(), timedelta(hours=5)), max_size=50).map(tuple)


def seconds(*values: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=value) for value in values)


def account(*values: float, series: str = "1") -> tuple[Took, ...]:
    return tuple(Took(series, each) for each in seconds(*values))


def longer_than(durations: Durations, age: float) -> float:
    """The share that takes longer than an age."""
    return durations.survival[round(math.log(age) / math.log(EDGES[1]))]


@settings(max_examples=20)
@given(SAMPLES, SAMPLES)
def test_any_history_leaves_room_for_anything(
    own: tuple[timedelta, ...], others: tuple[timedelta, ...]
) -> None:
    durations = expected(own, tuple(Took("1", each) for each in others))
    assert durations.survival[0] == 1
    assert all(now > later > 0 for now, later in pairwise(durations.survival))
    assert all(hazard > 0 for hazard in durations.hazards)
    assert 0 < durations.vagueness < 100


@settings(max_examples=20)
@given(st.floats(0.5, 900), st.lists(st.floats(0.98, 1.02), min_size=1, max_size=6))
def test_a_few_that_took_the_same_leave_nothing_negative(base: float, jitter: list[float]) -> None:
    durations = expected(seconds(*[base * each for each in jitter]), ())
    assert list(durations.survival) == sorted(durations.survival, reverse=True)
    assert min(durations.hazards) >= 0
    assert durations.vagueness > 0


def test_without_any_history_it_is_a_matter_of_minutes() -> None:
    durations = expected((), ())
    assert 0.4 < longer_than(durations, 90) < 0.6
    assert longer_than(durations, 30) > 0.8
    assert longer_than(durations, 600) < 0.1


def test_the_more_samples_the_narrower() -> None:
    widths = []
    for number in (0, 1, 5, 30):
        durations = expected(seconds(*[60] * number), ())
        widths.append(longer_than(durations, 30) - longer_than(durations, 120))
    assert widths == sorted(widths)
    assert widths[-1] > 0.97


def test_a_build_without_history_is_like_others_of_the_account() -> None:
    alike = expected((), account(*[300] * 30))
    assert longer_than(alike, 150) > 2 * longer_than(expected((), ()), 150)


def test_two_humps_have_a_valley() -> None:
    durations = expected(seconds(*[20, 21, 160, 19, 165, 158] * 5), ())
    hazard = {age: next(durations.ahead(age))[0] for age in (20, 60, 160)}
    assert hazard[20] > 20 * hazard[60]
    assert hazard[160] > 20 * hazard[60]


def test_an_outlier_widens_nothing() -> None:
    steady = [58.0, 61, 60, 63, 57, 60] * 4
    with_one = expected(seconds(*steady[:10], 3_000, *steady[10:]), ())
    assert longer_than(with_one, 45) > 0.93
    assert longer_than(with_one, 90) < 0.1


def test_the_more_take_longer_than_all_before_them_the_longer_the_next() -> None:
    before = [60.0, 62, 58, 61, 60, 64, 57, 60, 61, 59]
    newest: tuple[list[float], ...] = ([], [200], [190, 200], [210, 190, 200], [195, 210, 190, 200])
    shares = [longer_than(expected(seconds(*each, *before), ()), 120) for each in newest]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] > 0.7
    assert longer_than(expected(seconds(*before[:4], 200, *before), ()), 120) < 0.1


def test_the_fewer_samples_the_more_doubt() -> None:
    doubts = [expected(seconds(*[60] * number), ()).doubt for number in (0, 1, 2, 4, 8, 16)]
    assert doubts[0] == 1
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[-1] < 0.05


def test_a_history_that_foretold_nothing_lately_is_doubted() -> None:
    steady = [58.0, 61, 60, 63, 57, 60] * 4
    assert expected(seconds(*steady), ()).doubt < 0.05
    assert expected(seconds(180, *steady), ()).doubt > 0.4
    assert expected(seconds(20, 180, *steady), ()).doubt > 0.6
    assert expected(seconds(*steady[:8], 180, *steady), ()).doubt < 0.05


def test_a_good_history_is_doubted_once_those_of_others_do_not_hold() -> None:
    steady = seconds(*[58.0, 61, 60, 63, 57, 60] * 4)
    others = (*account(*[30, 33, 28] * 4, series="2"), *account(*[300, 330, 280] * 4, series="3"))
    one, two = account(90, series="2"), account(90, series="3")
    doubts = [expected(steady, off).doubt for off in (others, one + others, two + one + others)]
    assert doubts[0] < 0.05
    assert doubts[1] > 0.3
    assert doubts[2] > 0.9


def test_in_doubt_anything_of_the_account_is_expected() -> None:
    surprised = seconds(180, 20, *[60] * 20)
    long, short = account(*[600] * 30), account(*[10] * 30)
    assert longer_than(expected(surprised, long), 300) > 0.4
    assert longer_than(expected(surprised, short), 300) < 0.2


def test_one_hump_is_learnt_whole_and_two_apart() -> None:
    one = expected(seconds(*[40, 50, 60, 72, 90] * 6), ())
    two = expected(seconds(*[20, 21, 19, 320, 330, 310] * 5), ())
    assert longer_than(one, 66) - longer_than(one, 73) > 0.1
    assert longer_than(two, 45) - longer_than(two, 150) < 0.05
