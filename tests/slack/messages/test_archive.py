from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.job import Item, Job, JobKind, JobState, Resolved
from bot.builds.outcome import Failed, Ready
from bot.builds.request import BuildRequest
from bot.builds.usual import Usual
from bot.slack.messages.card import Forecast, card
from bot.slack.messages.reply import reply
from tests.clock import NOON
from tests.slack.messages.seen_jobs import QUEUED, over

WAITING = replace(
    QUEUED,
    kind=JobKind.ARCHIVE,
    request=BuildRequest("543988", (), "dev", alias="fruit"),
    resolved=Resolved((), Item("b-1", "dev")),
)
ARCHIVING = replace(WAITING, state=JobState.RUNNING, remote_id=9, started_at=NOON)
READY = over(JobState.READY, Ready("https://download.example/a.zip"), job=ARCHIVING)
FAILED = over(JobState.FAILED, Failed(("Could not read branch",)), 22, job=ARCHIVING)
USUAL = Usual(timedelta(seconds=40), timedelta(seconds=70))


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_the_card_of_an_archive_names_its_branch_and_no_engine(shown: SnapshotAssertion) -> None:
    cards = {
        "waiting": card(WAITING, Forecast(place=2)),
        "archiving": card(ARCHIVING, Forecast(usual=USUAL)),
        "ready": card(READY, Forecast()),
        "failed": card(FAILED, Forecast()),
    }
    assert {name: each.arguments() for name, each in cards.items()} == shown
    for each in cards.values():
        assert "#142 · fruit · archive of `dev` — " in each.text
        assert "engine" not in each.text
        assert "static" not in each.text


@pytest.mark.parametrize("job", [READY, FAILED], ids=["ready", "failed"])
def test_the_reply_is_that_of_a_build(job: Job, shown: SnapshotAssertion) -> None:
    told = reply(job, NOON + timedelta(seconds=65))
    assert told.text.startswith("<@U123> #142 ")
    assert told.arguments() == shown


def test_without_a_branch_it_is_the_main_one_and_no_name_breaks_out() -> None:
    main = replace(ARCHIVING, request=BuildRequest("543988", ()), resolved=Resolved(()))
    assert "Project 543988 · archive of `main`" in card(main, Forecast()).text
    odd = replace(ARCHIVING, resolved=Resolved((), Item("b", "a`b <!here>" + "x" * 999)))
    text = card(odd, Forecast()).text
    assert "archive of `a’b &lt;!here&gt;" in text
    assert len(card(odd, Forecast()).blocks[0]["text"]["text"]) < 3_000
