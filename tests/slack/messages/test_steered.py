from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.job import JobKind, JobState
from bot.builds.request import BuildRequest
from bot.builds.usage import UsageError
from bot.slack.messages.builds_usage import help_text, usage
from bot.slack.messages.message import Message
from bot.slack.messages.steered import (
    beside,
    joined,
    not_expired,
    not_unwatched,
    once_more,
    stopped,
    under_way,
)
from tests.clock import NOON
from tests.slack.messages.seen_jobs import ENDINGS, QUEUED, READY, RUNNING

NOW = NOON + timedelta(seconds=20)


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_joined(shown: SnapshotAssertion) -> None:
    assert joined(RUNNING, "U456", "C1", NOW).arguments() == shown


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (joined(RUNNING, "U123", "C1", NOW), "#142 is already building this (20 s in)"),
        (joined(QUEUED, "U456", "C2", NOW), "waiting in line to build this in <#C1>; I’ll mention"),
        (joined(replace(RUNNING, state=JobState.SUBMITTING), "U4", "C1", NOW), "just starting"),
        (joined(READY, "U456", "C1", NOW), "#142 has just been built"),
        (joined(RUNNING, "U123", "C1", NOW), "I’ll mention you."),
        (joined(RUNNING, "U456", "C1", NOW), "I’ll mention you too."),
        (joined(RUNNING, "U456", "C2", NOW), "I’ll mention you there too."),
        (stopped(ENDINGS["unwatched"]), "PlayCanvas has no way to cancel it and will finish it"),
        (stopped(ENDINGS["cancelled"]), "is cancelled; PlayCanvas was not asked for it."),
        (once_more(143, READY), "#143 accepted: Fruit Rush · Level 3 once more, after #142."),
        (beside(143, RUNNING), "#143 accepted: Fruit Rush · Level 3, beside #142."),
        (under_way(RUNNING), "`/builds stop 142`"),
        (not_unwatched(READY), "is ready; there is nothing to watch again."),
        (not_expired(READY), "is ready; there is nothing to check."),
    ],
)
def test_what_is_said(told: Message, said: str) -> None:
    assert said in told.text


def test_help(shown: SnapshotAssertion) -> None:
    assert help_text().arguments() == shown


def test_usage_can_be_pasted_and_is_escaped() -> None:
    told = usage(UsageError("“<x>” is nothing.", 'latest "a `b`"')).text
    assert "“&lt;x&gt;” is nothing." in told
    assert '`/builds latest "a ’b’"`' in told


def test_an_archive_is_archived() -> None:
    job = replace(RUNNING, kind=JobKind.ARCHIVE, request=BuildRequest("543988", ()))
    told = joined(job, "U9", "C1", NOON + timedelta(seconds=20))
    assert told.text == "#142 is already archiving this (20 s in); I’ll mention you too."
    assert told.blocks[-1]["elements"][0]["text"]["text"] == "Archive anyway"
