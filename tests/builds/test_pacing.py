from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.builds.bucket import Bucket
from bot.builds.durations import Durations
from bot.builds.expected import Took, expected
from bot.builds.pacing import LONGEST_LOOK, SHORTEST_LOOK, Load, Look, back_off, next_look

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
IDLE = Load(running=1, eagerness=0.0, rate=3.2, spent=0.0)
A_MINUTE = expected(tuple(timedelta(seconds=s) for s in (60, 55, 66, 58, 63) * 6), ())
ANYTHING = expected((), ())
AGES = st.floats(0, 20_000)
LOADS = st.builds(
    Load,
    running=st.integers(1, 10_000),
    eagerness=st.floats(0, 10_000),
    rate=st.floats(0.1, 10),
    spent=st.floats(0, 1),
)


def look(durations: Durations, elapsed: float, load: Load = IDLE) -> Look:
    return next_look(durations, timedelta(seconds=elapsed), load)


@settings(max_examples=50)
@given(st.sampled_from([A_MINUTE, ANYTHING]), AGES, LOADS)
def test_no_job_is_looked_at_without_pause_and_none_starves(
    durations: Durations, elapsed: float, load: Load
) -> None:
    wait = look(durations, elapsed, load).wait
    turn = timedelta(seconds=load.running / load.rate)
    assert SHORTEST_LOOK <= wait <= max(LONGEST_LOOK, 3 * turn, SHORTEST_LOOK)


HISTORIES = st.lists(st.floats(0.1, 7_200).map(lambda s: timedelta(seconds=s)), max_size=12)


@settings(max_examples=30)
@given(HISTORIES.map(tuple), HISTORIES.map(tuple), st.floats(-60, 90_000), st.floats(0, 10_000))
def test_whatever_the_history_and_however_old_it_is_seen_every_half_a_minute(
    own: tuple[timedelta, ...], others: tuple[timedelta, ...], elapsed: float, eagerness: float
) -> None:
    account = tuple(Took("1", each) for each in others)
    busy = Load(running=32, eagerness=eagerness, rate=3.2, spent=1.0)
    assert look(expected(own, account), elapsed, busy).wait <= timedelta(seconds=30)


@pytest.mark.parametrize(("running", "longest"), [(24, 31), (300, 300 / 3.2 * 4)])
def test_in_a_crowd_that_has_outlived_its_history_each_is_really_seen_in_time(
    running: int, longest: float
) -> None:
    """Looks as the loops take them: the most due first, when the budget has a permit.

    Of three even turns each may wait, when many are due at once another one goes in line.
    """
    now, bucket = NOON, Bucket(240, NOON)
    line = [(NOON, number) for number in range(running)]
    ages = [timedelta(seconds=600 + 7 * number) for number in range(running)]
    seen, asks = [NOON] * running, [1.0] * running
    gaps = []
    while now < NOON + timedelta(seconds=3 * longest):
        due, number = heappop(line)
        now = bucket.opens_at(max(now, due))
        bucket = bucket.take(now) or bucket
        load = Load(running, sum(asks), timedelta(seconds=1) / bucket.interval, bucket.spent(now))
        next_one = next_look(A_MINUTE, now - NOON + ages[number], load)
        gaps.append((now - seen[number]).total_seconds())
        seen[number], asks[number] = now, next_one.eagerness
        heappush(line, (now + next_one.wait, number))
    assert max(gaps) <= longest
    assert max((now - at).total_seconds() for at in seen) <= longest


@given(AGES)
def test_one_that_outlives_its_history_is_seen_every_half_a_minute(elapsed: float) -> None:
    assert look(A_MINUTE, elapsed).wait <= timedelta(seconds=30)


def test_before_it_can_be_over_it_is_hardly_looked_at() -> None:
    age, looks = 0.0, []
    while age < 60:
        age += look(A_MINUTE, age).wait.total_seconds()
        looks.append(age)
    assert sum(at < 40 for at in looks) <= 5
    assert sum(50 < at < 60 for at in looks) >= 8


def test_with_budget_to_spare_one_without_history_is_seen_all_the_time() -> None:
    ages = (0, 5, 60, 600, 6_000)
    assert all(look(ANYTHING, age).wait <= timedelta(seconds=0.55) for age in ages)


def test_under_load_a_doubtful_history_costs_no_job_more_than_two_even_turns() -> None:
    surprised = expected((timedelta(seconds=180), *[timedelta(seconds=60)] * 20), ())
    full, spare = (Load(running=64, eagerness=64.0, rate=3.2, spent=each) for each in (1.0, 0.04))
    turn = timedelta(seconds=20)
    assert surprised.doubt > 0.25
    assert look(ANYTHING, 1, full).wait <= 2 * turn
    assert look(ANYTHING, 1, spare).wait <= 0.4 * turn
    assert look(surprised, 1, spare).wait <= 0.4 * turn / surprised.doubt
    assert look(A_MINUTE, 1, spare).wait > timedelta(seconds=40)


@settings(max_examples=50)
@given(AGES, LOADS, st.floats(1.01, 100))
def test_the_more_is_asked_of_the_budget_the_later(elapsed: float, load: Load, more: float) -> None:
    dearer = Load(load.running, load.eagerness * more, load.rate, load.spent)
    spent = Load(load.running, load.eagerness, load.rate, 1.0)
    # Where a look is worth it is found by halving twenty times: closer it cannot be known.
    wait = look(ANYTHING, elapsed, load).wait - spent.longest(ANYTHING.doubt) / 2**20
    assert look(ANYTHING, elapsed, dearer).wait >= wait
    assert look(ANYTHING, elapsed, spent).wait >= wait


@pytest.mark.parametrize("rate", [0.8, 3.2])
@pytest.mark.parametrize("running", [27, 54])
def test_all_jobs_together_ask_for_what_there_is(running: int, rate: float) -> None:
    ages = [180.0 * n / running for n in range(running)]
    eagerness = float(running)
    for _ in range(30):
        load = Load(running, eagerness, rate, 0.5)
        looks = [look(ANYTHING, age, load) for age in ages]
        eagerness = (eagerness + sum(each.eagerness for each in looks)) / 2
    asked = sum(1 / each.wait.total_seconds() for each in looks)
    assert asked == pytest.approx(rate, rel=0.05)


def test_an_even_hazard_makes_even_gaps_inverse_to_its_root() -> None:
    half_a_step = 0.05
    gaps = []
    for hazard in (0.0004, 0.0016):
        edges = range(193)
        survival = tuple(2.718281828 ** (-hazard * 2.718281828 ** (0.05 * n)) for n in edges)
        even = Durations(survival, doubt=0.001)
        gaps.append(look(even, 100, Load(100, 2.0, 10.0, 0.5)).wait.total_seconds())
    assert gaps[0] / gaps[1] == pytest.approx(2, rel=half_a_step)


def test_back_off_doubles_up_to_a_minute() -> None:
    waits = [back_off(attempts).total_seconds() for attempts in range(8)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert back_off(10**9) == timedelta(minutes=1)


def test_a_good_history_is_still_looked_after_while_there_is_budget_to_spare() -> None:
    """It may be the first build to show that the history holds no longer."""
    busy = Load(running=64, eagerness=64.0, rate=3.2, spent=0.5)
    assert timedelta(seconds=4) < look(A_MINUTE, 1).wait < timedelta(seconds=8)
    assert look(A_MINUTE, 1, busy).wait > timedelta(seconds=30)


def test_the_less_is_known_the_more_looks_are_paid_for() -> None:
    known, doubted = (Durations(A_MINUTE.survival, doubt=each) for each in (0.04, 0.4))
    assert look(doubted, 50).wait < look(known, 50).wait / 1.5
