from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.usual import Usual
from bot.slack.messages.nudge import nudge
from tests.slack.messages.seen_jobs import RUNNING

LONG = timedelta(minutes=5, seconds=12)
USUAL = Usual(timedelta(seconds=52), timedelta(seconds=52))


@pytest.mark.parametrize("asks", [True, False])
def test_a_nudge_asks_until_it_is_answered(snapshot: SnapshotAssertion, *, asks: bool) -> None:
    shown = snapshot.use_extension(JSONSnapshotExtension)
    assert nudge(RUNNING, LONG, USUAL, asks=asks).arguments() == shown
