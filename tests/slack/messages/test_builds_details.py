from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.history import Event, Story
from bot.builds.job import Item, Job, JobKind, JobState, Resolved
from bot.builds.options import BuildOptions
from bot.builds.outcome import Failed, Ready, Rejected
from bot.builds.request import BuildRequest
from bot.sandbox.slack.blockkit import check_message
from bot.slack.messages.builds_details import details
from tests.clock import NOON
from tests.slack.messages.seen_jobs import ENDINGS, READY, RUNNING, over

ARROWS = ("accepted", "queued", "submitting", "running")


def story(job: Job, *more: Event) -> Story:
    states = [None, *map(JobState, ARROWS)]
    pairs = pairwise(states)
    events = [
        Event(NOON + timedelta(seconds=n), before, after)
        for n, (before, after) in enumerate(pairs)
        if after is not None
    ]
    return Story(job, (*events, *more))


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


def test_everything_about_a_build(shown: SnapshotAssertion) -> None:
    options = BuildOptions(
        name="Fruit Rush",
        version="1.4",
        description="A puzzle",
        notes="Fixes <b>\nand more",
        engine="2.20.6",
        format="static",
        target="web",
        minify=True,
        concatenate=True,
        sourcemaps=False,
        optimize=True,
        preload=False,
    )
    job = replace(
        READY,
        request=BuildRequest("543988", ("Level 3", "Menu"), "dev", options, alias="fruit"),
        resolved=Resolved(
            (Item("7", "Level 3"), Item("8", "Menu")), Item("b-1", "dev"), checkpoint_id="c-1"
        ),
        watchers=("U456", "U123"),
        retry_of=140,
    )
    assert details(story(job)).arguments() == shown


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_tells_the_words_of_the_server(ending: str) -> None:
    job = ENDINGS[ending]
    told = details(story(job)).text
    for words in ("main.mjs: no &lt;default&gt;", "is not available: 502", "does not find this"):
        assert (words.replace("&lt;", "<").replace("&gt;", ">") in repr(job.outcome)) == (
            words in told
        )


def test_trouble_on_the_way_is_told() -> None:
    moved = Event(NOON, JobState.SUBMITTING, JobState.QUEUED, "PlayCanvas is busy <1>")
    told = details(story(replace(RUNNING, trouble="No answer in 10 s."), moved)).text
    assert "queued: PlayCanvas is busy &lt;1&gt;" in told
    assert ">No answer in 10 s." in told


def test_what_was_rejected_can_be_shown() -> None:
    job = replace(RUNNING, state=JobState.REJECTED, outcome=Rejected("No <scene>."), remote_id=None)
    told = details(story(replace(job, resolved=None))).text
    assert ">No &lt;scene&gt;." in told
    assert "• scenes as typed: Level 3" in told


@pytest.mark.parametrize("filling", ["&", "x", "<@U1> "])
def test_the_longest_story_is_one_that_slack_takes(filling: str) -> None:
    long = filling * 10_000
    options = BuildOptions(name=long[:999], description=long[:9_999], notes=long[:10_000])
    scenes = tuple(Item(str(10**15 + n), long[:500]) for n in range(100))
    failed = over(JobState.FAILED, Failed((long, long)))
    job = replace(
        failed,
        request=BuildRequest("543988", ("x",) * 100, long[:999], options),
        resolved=Resolved(scenes, Item("b" * 36, long[:500])),
        watchers=tuple(f"U0{n:09}" for n in range(500)),
    )
    moves = [Event(NOON, JobState.SUBMITTING, JobState.QUEUED, long)] * 100
    told = details(story(job, *moves))
    assert check_message(list(told.blocks)) == []
    assert len(told.blocks) <= 15
    assert "<@U1>" not in told.text
    assert len(told.text) <= 4_000
    shown = "\n".join(block["text"]["text"] for block in told.blocks)
    assert len(shown) < 13_000
    for part in ("*Request*", "*At PlayCanvas*", "*What happened*", "*What was said*"):
        assert part in shown


def test_a_link_too_long_for_a_section_is_left_to_the_thread() -> None:
    job = replace(READY, outcome=Ready("https://x.example/" + "a" * 2_900))
    assert "The link is in the card’s thread." in details(story(job)).text


def test_of_archives_it_says_which_were_asked_for() -> None:
    request = BuildRequest("543988", (), branches=())
    told = details(story(replace(RUNNING, kind=JobKind.ARCHIVE, request=request))).text
    assert "• branches: every open one\n" in told
    two = replace(request, branches=("a", "b"))
    assert (
        "• branches: 2 of them\n"
        in details(story(replace(RUNNING, kind=JobKind.ARCHIVE, request=two))).text
    )
