from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import sub

from hypothesis import given
from hypothesis import strategies as st

from bot.builds.bucket import SHARE, WINDOW, Bucket

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _granted(limit: int, asks: list[float], share: float = SHARE) -> list[datetime]:
    """Ask at these distances in seconds, and list when a permit was given."""
    bucket, now, granted = Bucket(limit, NOON, share=share), NOON, []
    for wait in asks:
        now += timedelta(seconds=wait)
        if taken := bucket.take(now):
            bucket = taken
            granted.append(now)
    return granted


@given(
    st.sampled_from([5, 10, 120, 240]),
    st.lists(st.floats(0, 3, allow_nan=False), max_size=400),
    st.sampled_from([0.1, 0.5, SHARE, 1.0]),
)
def test_no_minute_holds_more_than_the_limit(limit: int, asks: list[float], share: float) -> None:
    granted = _granted(limit, asks, share)
    most = min(limit, max(limit * share * 1.25, limit * share + 1))
    for begin in granted:
        assert sum(begin <= at < begin + WINDOW for at in granted) <= most


def test_a_smaller_share_is_spread_as_evenly_and_leaves_the_rest_alone() -> None:
    granted = _granted(240, [0.0] * 100 + [0.1] * 1200, share=0.1)
    assert granted[5] == NOON < granted[6]
    assert set(map(timedelta.total_seconds, map(sub, granted[7:], granted[6:]))) == {2.5}


def test_a_lone_start_goes_at_once_and_the_rest_at_four_fifths() -> None:
    granted = _granted(10, [0.0] * 5 + [0.5] * 1200)
    assert granted[:2] == [NOON, NOON]
    pauses = {after - before for before, after in pairwise(granted[1:])}
    assert pauses == {timedelta(seconds=7.5)}


def test_a_forecast_is_when_the_permit_comes() -> None:
    bucket = Bucket(10, NOON)
    for place in range(1, 8):
        forecast = bucket.opens_at(NOON, place)
        held: Bucket | None = bucket
        for _ in range(place - 1):
            at = held.opens_at(NOON) if held else NOON
            held = held.take(at) if held else None
        assert held is not None
        assert held.take(forecast) is not None
        assert forecast == NOON or held.take(forecast - timedelta(milliseconds=1)) is None


def test_with_none_remaining_nothing_goes_before_the_reset() -> None:
    reset = NOON + timedelta(seconds=20)
    bucket = Bucket(240, NOON).leave(0, reset, NOON)
    assert bucket.take(reset - timedelta(milliseconds=1)) is None
    assert bucket.take(reset) is not None


@given(st.integers(1, 300), st.sampled_from([10, 240]))
def test_no_more_goes_at_once_than_the_server_says_remain(remaining: int, limit: int) -> None:
    held: Bucket | None = Bucket(limit, NOON).leave(remaining, NOON + WINDOW, NOON)
    burst = 0
    while held and (held := held.take(NOON)):
        burst += 1
    assert burst == min(remaining, Bucket(limit, NOON).burst)


def test_a_reset_in_a_wrong_century_counts_for_one_window() -> None:
    bucket = Bucket(240, NOON).cool(NOON.replace(year=2126), NOON)
    assert bucket.opens_at(NOON) == NOON + WINDOW


def test_what_is_owed_is_kept_when_the_limit_changes() -> None:
    bucket = Bucket(10, NOON + timedelta(minutes=1)).with_limit(240)
    assert bucket.take(NOON) is None
