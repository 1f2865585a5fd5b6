from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.builds.job import Item, JobKind, JobState, Resolved
from bot.builds.outcome import Ready
from bot.builds.overview import Offer, Overview
from bot.builds.projects import Project
from bot.builds.request import BuildRequest, parse
from bot.sandbox.slack.blockkit import check_view
from bot.slack.messages.home import home
from tests.clock import NOON
from tests.slack.messages.seen_jobs import ENDINGS, QUEUED, READY, RUNNING

FRUIT = Project("Fruit", "543988", engine="2.20.6", branch="dev")
NAMED = Overview(
    running=(RUNNING, replace(QUEUED, id=143), replace(RUNNING, id=144, kind=JobKind.ARCHIVE)),
    more_running=4,
    recent=tuple(ENDINGS.values()),
    offers=(Offer(FRUIT, ("Level 3", "Menu")), Offer(Project("maze", "7"))),
    more_offers=2,
)


@pytest.fixture
def shown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


def texts(view: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if "text" in block]


def test_nothing_yet(shown: SnapshotAssertion) -> None:
    assert home(Overview()) == shown


def test_a_busy_house(shown: SnapshotAssertion) -> None:
    assert home(NAMED) == shown


def test_the_same_overview_is_the_same_view() -> None:
    assert home(NAMED) == home(replace(NAMED))
    waiting = replace(NAMED, running=(replace(RUNNING, state=JobState.QUEUED),))
    assert home(NAMED) != home(waiting)


def test_a_job_says_since_when() -> None:
    later = NOON + timedelta(seconds=5)
    [line] = texts(home(Overview(running=(replace(RUNNING, started_at=later),))))[1:2]
    assert f"building since <!date^{int(later.timestamp())}^" in line


@pytest.mark.parametrize("scene", ["Level 3", 'The "Big" `One`', "<!channel> & co"])
def test_a_line_can_be_pasted(scene: str) -> None:
    line = texts(home(Overview(offers=(Offer(FRUIT, (scene,)),))))[-1].split("\n")[1]
    typed = line.strip("`").replace("’", "`").removeprefix("/build Fruit ")
    request = parse(f"543988 {typed}")
    assert isinstance(request, BuildRequest)
    assert request.scenes == (scene,)
    assert "<!channel>" not in line


def test_the_longest_names_fit_into_slack() -> None:
    awful = '&<>`"' * 200
    request = BuildRequest("9" * 16, (awful, "b"), awful, alias=awful)
    scenes = Resolved((Item("7", awful),), Item("b", awful), engine=awful)
    job = replace(RUNNING, request=request, resolved=scenes)
    url = "https://x.example/" + "&" * 4_000
    done = replace(READY, request=request, resolved=scenes, outcome=Ready(url, awful))
    near = replace(done, outcome=Ready("https://x.example/" + "a" * 1_400, awful))
    project = Project(awful, "9" * 16, engine=awful, branch=awful)
    view = home(
        Overview(
            (job,) * 15, 9_999, (done, near) * 5, (Offer(project, (awful[:999],)),) * 20, 9_999
        )
    )
    assert check_view(view, "home") == []
    assert len(view["blocks"]) <= 100
    assert "Download zip" in str(view)
    assert "&&&&" not in str(view)
