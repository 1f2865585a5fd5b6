from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.job import JobState
from bot.builds.outcome import Failed
from bot.slack.messages.absence import absence
from tests.clock import NOON
from tests.slack.messages.seen_jobs import ENDINGS, READY, over

BACK = NOON + timedelta(hours=30)


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_what_ended_meanwhile_is_listed(shown: SnapshotAssertion) -> None:
    told = absence(list(ENDINGS.values()), BACK)
    assert told.text.startswith(f"I was away until <!date^{int(BACK.timestamp())}^")
    assert told.arguments() == shown


def test_a_hundred_fit_and_are_counted() -> None:
    told = absence([replace(READY, id=n, watchers=("U7",) * 50) for n in range(100)], BACK)
    assert len(told.text) <= 4_000
    assert all(len(block["text"]["text"]) <= 3_000 for block in told.blocks)
    assert "100 builds" in told.text
    assert " more" in told.blocks[-1]["text"]["text"]


def test_foreign_names_are_escaped() -> None:
    job = over(JobState.FAILED, Failed(("x",)))
    options = replace(job.request.options, name="<!channel>")
    told = absence([replace(job, request=replace(job.request, options=options))] * 2, BACK)
    assert "<!channel>" not in told.text + str(told.blocks)
