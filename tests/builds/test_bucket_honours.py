from datetime import timedelta

from bot.builds.bucket import Bucket
from tests.clock import NOON


def test_a_bucket_honours_what_it_gave_until_it_cools() -> None:
    bucket = Bucket(10, NOON)
    first = bucket.take(NOON)
    assert first is not None
    second = first.take(NOON)
    assert second is not None
    assert second.honours(NOON)
    assert not second.cool(NOON + timedelta(seconds=9), NOON).honours(NOON)
    assert not second.leave(0, NOON + timedelta(seconds=9), NOON).honours(NOON)


def test_a_cool_down_shorter_than_an_interval_holds_for_permits_in_hand() -> None:
    # Permits are 7.5 s apart: a pause of 2 s is no longer than what the bucket owes anyway.
    bucket = Bucket(10, NOON).take(NOON)
    assert bucket is not None
    until = NOON + timedelta(seconds=2)
    cooled = bucket.cool(until, NOON)
    assert not cooled.honours(NOON)
    assert cooled.honours(until)


def test_a_clock_set_back_by_an_hour_costs_a_window_at_most() -> None:
    later = NOON + timedelta(hours=1)
    bucket = Bucket(10, later).cool(later + timedelta(seconds=30), later)
    believed = bucket.believable(NOON)
    assert believed.opens_at(NOON) <= NOON + timedelta(seconds=70)
    assert believed.honours(NOON + timedelta(minutes=1))
    assert bucket.believable(later) == bucket
