from dataclasses import replace

import pytest

from bot.builds.history import Listing, Page, Story
from bot.builds.job import Item, Job, JobKind, JobState, Resolved
from bot.builds.outcome import Complete, Failed, Incomplete, Outcome, Ready
from bot.builds.overview import Overview
from bot.builds.projects import Known
from bot.builds.request import BuildRequest
from bot.slack.messages.archives import card, reply
from bot.slack.messages.builds_details import details
from bot.slack.messages.builds_list import builds_list
from bot.slack.messages.home import home
from tests.clock import NOON
from tests.slack.messages.seen_jobs import QUEUED, RUNNING, over

REQUEST = BuildRequest("543988", (), alias="fruit", branches=())
PARENT = replace(RUNNING, kind=JobKind.ARCHIVE, request=REQUEST, resolved=Resolved(()))


def child(number: int, state: JobState, name: str) -> Job:
    job = replace(
        QUEUED if state is JobState.QUEUED else RUNNING,
        id=142 + number,
        state=state,
        kind=JobKind.ARCHIVE,
        request=BuildRequest("543988", (), name),
        resolved=Resolved((), Item(f"b-{number}", name)),
        parent_id=142,
    )
    if state is JobState.READY:
        return over(state, Ready(f"https://x.example/{'a' * 60}/{number}"), job=job)
    return over(state, Failed(("Could not <read>",)), job=job) if state is JobState.FAILED else job


FAMILY = (
    child(1, JobState.READY, "main"),
    child(2, JobState.QUEUED, "dev"),
    child(3, JobState.FAILED, "old `x`"),
)


def test_a_line_for_each_branch_what_failed_first() -> None:
    assert card(PARENT, FAMILY).text.split("\n") == [
        "#142 · fruit · archives — 1 archived, 1 failed, 1 to go",
        ":x: `old ’x’` — Could not &lt;read&gt;",
        f":white_check_mark: `main` — <https://x.example/{'a' * 60}/1|Download zip>",
        ":hourglass_flowing_sand: `dev` — waiting",
        "by <@U123>",
    ]


def test_at_the_end_what_failed_can_be_tried_again() -> None:
    ended = over(JobState.FAILED, Incomplete(11, 1), job=PARENT)
    children = [child(n, JobState.READY, f"b{n}") for n in range(11)]
    children.append(child(11, JobState.FAILED, "corrupt"))
    shown = card(ended, children)
    assert "11 archived, 1 failed\n" in shown.text
    assert shown.blocks[-1]["elements"][0]["text"]["text"] == "Retry failed"
    said = reply(ended, children).text
    assert said.startswith("<@U123> #142 is over: fruit · archives, 1m 04s. 11 archived, 1 failed.")
    assert said.count(":x: `corrupt`") == 1
    assert "b3" not in said


@pytest.mark.parametrize(
    ("state", "ending", "head", "label"),
    [
        (JobState.UNWATCHED, Incomplete(11, 0, 1), "11 archived, 1 stopped", "Archive the rest"),
        (JobState.FAILED, Incomplete(11, 2, 1), "11 archived, 2 failed, 1 stopped", None),
        (JobState.READY, Complete(12), "12 archived", "Archive again"),
    ],
)
def test_every_list_says_how_several_archives_ended(
    state: JobState, ending: Outcome, head: str, label: str | None
) -> None:
    ended = over(state, ending, job=replace(PARENT, remote_id=None))
    told = details(Story(ended, ()))
    listed = builds_list(Page(Listing(), (ended,)), "C1", Known(), NOON)
    shown = home(Overview(recent=(ended,)))
    assert f"— {head}\n" in told.text
    assert f"— {head} · by" in listed.text
    recent = shown["blocks"][4]["text"]["text"]
    assert f"— {head}\n<!date" in recent
    offered = card(ended, FAMILY).blocks[-1]["elements"][0]["text"]["text"]
    assert offered == (label or "Archive the rest")


def test_as_many_lines_as_fit() -> None:
    parent = replace(PARENT, watchers=tuple(f"U{n:010}" for n in range(300)))
    for state in (JobState.READY, JobState.FAILED, JobState.QUEUED):
        children = [child(n, state, "&" * 999) for n in range(300)]
        for shown in (card(PARENT, children), reply(parent, children)):
            assert len(shown.text) <= 4_000
            assert len(shown.blocks) <= 50
            sections = [each for each in shown.blocks if each["type"] == "section"]
            assert all(0 < len(each["text"]["text"]) <= 3_000 for each in sections)
        shown = card(PARENT, children)
        said = [each["text"]["text"] for each in shown.blocks if each["type"] == "section"]
        listed = "\n".join(said[1:-1]).count("\n") + 1
        assert said[-1] == f"and {300 - listed} more"
