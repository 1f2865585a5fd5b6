from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.history import MOST_LISTED, Listing, Page
from bot.builds.job import Asker, Item, Job, JobState, Resolved
from bot.builds.options import BuildOptions
from bot.builds.projects import Known, Project
from bot.sandbox.slack.blockkit import check_message
from bot.slack.messages.builds_list import builds_list, latest, no_latest
from tests.clock import NOON
from tests.slack.messages.seen_jobs import ENDINGS, QUEUED, READY, RUNNING

NOW = NOON + timedelta(minutes=3)
FRUIT = Known((Project("fruit", "543988"),))
ENDED = tuple(ENDINGS.values())


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_the_first_page(shown: SnapshotAssertion) -> None:
    running = (replace(QUEUED, id=144), replace(RUNNING, id=143))
    page = Page(Listing(), ENDED, older=True, running=running, more_running=4)
    assert builds_list(page, "C1", FRUIT, NOW).arguments() == shown


def test_a_page_in_the_middle(shown: SnapshotAssertion) -> None:
    listing = Listing("543988", mine=True, state="ready", before=150)
    page = Page(listing, (READY, replace(READY, id=140)), older=True, newer=True)
    assert builds_list(page, "C2", FRUIT, NOW).arguments() == shown


@pytest.mark.parametrize(
    ("listing", "head", "body"),
    [
        (Listing(), "*Builds in this channel*", "There are none yet."),
        (Listing(mine=True), "*Your builds*", "There are none."),
        (Listing(state="rejected"), "*Your rejected builds in this channel*", "There are none."),
        (Listing("98765", state="failed"), "*Failed builds of project 98765*", "There are none."),
    ],
)
def test_nothing_to_list_says_what_to_do(listing: Listing, head: str, body: str) -> None:
    told = builds_list(Page(listing, ()), "C1", FRUIT, NOW)
    assert told.text.startswith(f"{head}\n{body}")
    assert [block["type"] for block in told.blocks] == ["section", "section"]


def test_the_longest_page_is_one_that_slack_takes() -> None:
    long = longest()
    over = tuple(replace(long, id=10**12 + n) for n in range(MOST_LISTED))
    running = tuple(
        replace(long, id=2 * 10**12 + n, state=JobState.RUNNING, outcome=None, ended_at=None)
        for n in range(10)
    )
    page = Page(Listing(), over, older=True, newer=True, running=running, more_running=999)
    told = builds_list(page, "C0", Known(), NOW)
    assert check_message(list(told.blocks)) == []
    shown = [block["text"]["text"] for block in told.blocks if block["type"] == "section"]
    assert all(f"*#{job.id}*" in "\n".join(shown) for job in (*running, *over))
    # Slack refuses messages whose blocks hold about thirteen thousand characters.
    assert sum(map(len, shown)) < 13_000
    assert len(told.text) <= 4_000


def longest() -> Job:
    name = "<&>" * 300
    request = replace(READY.request, options=BuildOptions(name=name))
    return replace(
        READY,
        request=request,
        resolved=Resolved((Item("7", name),) * 100),
        asker=Asker("T1", "C0ABCDEFGHI", "U0ABCDEFGHI"),
        ended_at=NOON + timedelta(hours=23),
        finished_at=NOON + timedelta(hours=23),
    )


def test_latest(shown: SnapshotAssertion) -> None:
    assert latest(READY, "C1").arguments() == shown


def test_no_latest() -> None:
    nameless = no_latest("543988", "<b>", Known()).text
    assert nameless.startswith("I know no build of project 543988 on branch &lt;b&gt; that got")
    assert nameless.endswith("`/builds 543988 failed`")
    named = no_latest("543988", None, Known((Project("fruit", "543988"),))).text
    assert "build of fruit that got ready" in named
    assert named.endswith("`/builds fruit failed`")
