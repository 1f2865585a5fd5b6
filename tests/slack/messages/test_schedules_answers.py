from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.job import Asker
from bot.builds.request import BuildRequest
from bot.builds.schedule import Pause, Schedule
from bot.builds.timetable import Timetable
from bot.slack.messages.message import Message
from bot.slack.messages.schedules import (
    gone,
    is_meant,
    listing,
    rests,
    scheduled,
    skipped,
    too_many,
)
from tests.clock import NOON

DAILY = Schedule(
    id=3,
    owner=Asker("T1", "C1", "U1"),
    request=BuildRequest("543988", ("Level 3",), alias="fruit"),
    said="weekdays 08:00",
    cron="0 8 * * 1-5",
    timetable=Timetable("0 8 * * 1-5", "Europe/Madrid"),
    if_changed=True,
    next_at=NOON + timedelta(days=2),
    pause=None,
    created_at=NOON,
)
PAUSED = replace(DAILY, id=4, if_changed=False, next_at=None, pause=Pause.ASKED, paused_by="U2")
MARKUP = BuildRequest("543988", ("<!channel> *a*", "b", "c", "d"))


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("scheduled", scheduled(DAILY, NOON)),
        ("zone unknown", scheduled(replace(DAILY, timetable=None, next_at=None), NOON)),
        ("too many", too_many(20)),
        ("nothing", listing([], NOON)),
        ("list", listing([DAILY, PAUSED, replace(DAILY, id=5, request=MARKUP)], NOON)),
        ("skipped", skipped(DAILY, 1, NOON)),
        ("skipped often", skipped(DAILY, 12, NOON)),
        ("rests", rests(DAILY, Pause.PROJECT)),
        ("gone", gone()),
        ("hourly", scheduled(replace(DAILY, said="hourly", cron="0 * * * *"), NOON)),
    ],
)
def test_answers(name: str, told: Message, shown: SnapshotAssertion) -> None:
    assert told.arguments() == shown(name=name)


def test_a_full_list_of_long_names_fits_into_a_message() -> None:
    long = BuildRequest("543988", tuple("&" * 998 for _ in range(3)), alias="&" * 998)
    full = listing([replace(DAILY, id=n, request=long) for n in range(20)], NOON)
    assert len(full.blocks) <= 50
    texts = [block["text"]["text"] for block in full.blocks if block["type"] == "section"]
    assert max(map(len, texts)) <= 3_000


def test_a_button_is_of_one_schedule_for_good() -> None:
    """SQLite gives the number of one that was deleted to another."""
    heir = replace(DAILY, created_at=NOON + timedelta(hours=1))
    [*_, actions] = listing([DAILY], NOON).arguments()["blocks"]
    value = actions["elements"][0]["value"]
    assert is_meant(DAILY, value)
    assert not is_meant(heir, value)
