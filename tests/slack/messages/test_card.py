from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.job import Item, Job, Resolved
from bot.builds.options import BuildOptions
from bot.builds.outcome import Ready
from bot.builds.request import BuildRequest
from bot.builds.usual import Usual
from bot.slack.messages.card import Forecast, card
from tests.clock import NOON
from tests.slack.messages.seen_jobs import ENDINGS, QUEUED, READY, RUNNING

USUAL = Usual(timedelta(seconds=40), timedelta(seconds=70))
STARTS_AT = NOON + timedelta(minutes=3)


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_waiting(shown: SnapshotAssertion) -> None:
    assert card(QUEUED, Forecast(place=3, starts_at=STARTS_AT)).arguments() == shown


def test_waiting_in_trouble(shown: SnapshotAssertion) -> None:
    troubled = replace(QUEUED, trouble="PlayCanvas is not available: 502.", attempts=2)
    assert card(troubled, Forecast(place=1, starts_at=STARTS_AT)).arguments() == shown


def test_building(shown: SnapshotAssertion) -> None:
    assert card(RUNNING, Forecast(usual=USUAL)).arguments() == shown


def test_building_for_a_while(shown: SnapshotAssertion) -> None:
    aged = Forecast(usual=USUAL, elapsed=timedelta(seconds=40))
    assert card(RUNNING, aged).arguments() == shown


def test_started_again(shown: SnapshotAssertion) -> None:
    assert card(ENDINGS["unwatched"], Forecast(again=150)).arguments() == shown


def test_an_engine_that_worked_is_offered(shown: SnapshotAssertion) -> None:
    assert card(ENDINGS["failed"], Forecast(other_engine="2.19.1")).arguments() == shown


@pytest.mark.parametrize("ending", ENDINGS)
def test_over(ending: str, shown: SnapshotAssertion) -> None:
    assert card(ENDINGS[ending], Forecast()).arguments() == shown


def test_every_option_that_people_look_for_is_on_the_card() -> None:
    options = BuildOptions(version="1.4", target="ios", format="static")
    request = BuildRequest("543988", ("Level 3", "Menu", "End"), "dev", options)
    scenes = (Item("7", "Level 3"), Item("8", "Menu"), Item("9", "End"))
    job = replace(RUNNING, request=request, resolved=Resolved(scenes, Item("b", "dev")))
    text = card(job, Forecast()).text
    for fact in ("Project 543988", "Level 3 +2 more", "`dev`", "version 1.4", "target ios"):
        assert fact in text
    assert "engine: PlayCanvas’s default" in text


def test_the_notes_begin_on_the_card() -> None:
    options = BuildOptions(notes="Fixes <the>\njump" + "&" * 10_000)
    request = BuildRequest("543988", ("Level 3",), options=options)
    told = card(replace(RUNNING, request=request), Forecast()).blocks[1]["elements"][0]["text"]
    assert told.splitlines()[-1].startswith("notes: Fixes &lt;the&gt; jump&amp;")
    assert told.endswith("…")
    assert len(told) <= 1_000


def test_a_link_that_no_button_takes_is_left_to_the_reply() -> None:
    job = replace(READY, outcome=Ready("https://x.example/" + "a" * 3_000))
    assert _buttons(job) == ["rebuild", "details"]
    assert _buttons(READY) == ["download", "rebuild", "details"]


def _buttons(job: Job) -> list[str]:
    blocks = card(job, Forecast()).blocks
    return [element["action_id"] for element in blocks[-1]["elements"]]
