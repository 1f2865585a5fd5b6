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
