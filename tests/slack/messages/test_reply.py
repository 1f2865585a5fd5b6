from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.job import Change, Changes, JobState
from bot.builds.outcome import Failed, Ready, Unwatched
from bot.slack.messages.reply import reply
from tests.clock import NOON
from tests.slack.messages.seen_jobs import ENDINGS, READY, over

SOON = NOON + timedelta(seconds=65)


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Snapshots that paste into Block Kit Builder."""
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_mentions_who_asked(ending: str, shown: SnapshotAssertion) -> None:
    job = ENDINGS[ending]
    assert job.finished_at is not None
    told = reply(job, job.finished_at + timedelta(seconds=1))
    assert told.text.startswith("<@U123> #142 ")
    assert told.arguments() == shown


def test_a_late_reply_says_so() -> None:
    assert "I was away until" not in reply(READY, SOON).text
    late = reply(READY, NOON + timedelta(minutes=17)).text
    assert "(finished <!date^1795262464^{time}|12:01 UTC>, I was away until" in late


def test_who_ended_it_alone_is_told_so_as_you() -> None:
    mine = over(JobState.UNWATCHED, Unwatched("U123"), 30)
    assert "no longer watched, as you wished:" in reply(mine, NOON).text
    ours = replace(mine, watchers=("U7",))
    assert "as <@U123> wished:" in reply(ours, NOON).text


def test_an_error_is_told_whole_and_escaped() -> None:
    lines = tuple(f"line {n}: <!channel> & {'x' * 90}" for n in range(60))
    told = reply(over(JobState.FAILED, Failed(lines)), SOON)
    said = "\n".join(block["text"]["text"] for block in told.blocks)
    assert all(f"line {n}: &lt;!channel&gt; &amp; " in said for n in range(60))
    assert "<!channel>" not in said + told.text
    assert all(len(block["text"]["text"]) <= 3_000 for block in told.blocks)


def test_an_endless_error_ends_with_a_count() -> None:
    told = reply(over(JobState.FAILED, Failed(("&" * 200_000,))), SOON)
    assert len(told.blocks) <= 12
    assert told.blocks[-1]["text"]["text"].endswith("more characters.")
    assert len(told.text) <= 4_000


@pytest.mark.parametrize("trick", ["|<!channel>", "><!here>", " <@U1>"])
def test_a_link_cannot_smuggle_anything(trick: str) -> None:
    job = replace(READY, outcome=Ready(f"https://x.example/{trick}"))
    text = reply(job, SOON).text
    assert text.count("<") == 2, "the mention and the link"


def test_qa_reads_what_changed() -> None:
    listed = (Change("Ana <!here>", "fixes the jump"), Change("Bo", "adds *fruit*"))
    assert READY.resolved is not None
    resolved = replace(READY.resolved, changes=Changes(140, listed, more=7))
    said = reply(replace(READY, resolved=resolved), SOON).blocks[-1]["text"]["text"]
    assert said.splitlines() == [
        "*Changed since #140:*",
        "• Ana &lt;!here&gt;: fixes the jump",
        "• Bo: adds *fruit*",
        "and 7 more",
    ]
    unseen = replace(resolved, changes=Changes(140, listed, more=190, uncounted=True))
    said = reply(replace(READY, resolved=unseen), SOON).blocks[-1]["text"]["text"]
    assert said.splitlines()[-1] == "and at least 190 more"


def test_qa_reads_the_release_notes_of_what_is_ready() -> None:
    options = replace(READY.request.options, notes="Fixes <the> jump\n\nand more")
    noted = replace(READY, request=replace(READY.request, options=options))
    told = reply(noted, SOON)
    said = told.blocks[-1]["text"]["text"]
    assert said == "*Release notes:*\n>Fixes &lt;the&gt; jump\n>\n>and more"
    assert told.text.endswith(said)
    longest = replace(options, notes="&\n" * 5_000)
    told = reply(replace(READY, request=replace(READY.request, options=longest)), SOON)
    assert all(len(block["text"]["text"]) <= 3_000 for block in told.blocks)
    assert len(told.blocks) <= 4


def test_the_longest_changes_fit_in_a_section() -> None:
    listed = tuple(Change("&" * 1_000, "<" * 10_000) for _ in range(10))
    assert READY.resolved is not None
    resolved = replace(READY.resolved, changes=Changes(140, listed, more=7))
    told = reply(replace(READY, resolved=resolved), SOON)
    assert all(len(block["text"]["text"]) <= 3_000 for block in told.blocks)


def test_everyone_who_asked_for_it_is_mentioned_once() -> None:
    job = replace(READY, watchers=("U456", "U123", "U789"))
    assert reply(job, SOON).text.startswith("<@U123> <@U456> <@U789> #142 is ready: ")


def test_a_crowd_and_a_long_link_take_more_sections() -> None:
    crowd = tuple(f"U0{n:09}" for n in range(150))
    url = "https://x.example/" + "a" * 2_900
    told = reply(replace(READY, watchers=crowd, outcome=Ready(url)), SOON)
    said = [block["text"]["text"] for block in told.blocks]
    assert all(len(part) <= 3_000 for part in said)
    assert "\n".join(said).count("<@U") == 100
    assert said[0].endswith("and 51 more: #142 is ready: Fruit Rush · Level 3, 1m 04s.")
    assert said[-1] == f"<{url}|Download zip>"


def test_a_link_that_slack_does_not_take_is_said_to_be_one() -> None:
    told = reply(replace(READY, outcome=Ready("https://x.example/" + "a" * 3_000)), SOON)
    assert "Its link is longer than Slack takes." in told.text
    assert "aaa" not in told.text


def test_an_endless_error_is_cut_where_slack_would_refuse_the_message() -> None:
    crowd = tuple(f"U0{n:09}" for n in range(150))
    ended = over(JobState.FAILED, Failed(("Could not export",) + ("&" * 300,) * 300))
    said = [block["text"]["text"] for block in reply(replace(ended, watchers=crowd), SOON).blocks]
    assert sum(map(len, said)) < 12_000
    assert said[-2].startswith("… and ")
    assert said[-1].startswith("A script could not be bundled")
