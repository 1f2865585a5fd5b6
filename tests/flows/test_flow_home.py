"""App Home: shown when it is opened, live while things change, silent when nothing does."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.builds.job import Asker, JobState
from bot.builds.projects import Project
from bot.sandbox.faults import Answer
from bot.sandbox.slack.books import Call
from bot.sandbox.slack.demo import PROGRAMMER, TESTER
from bot.store.homes import FOLLOWED
from bot.store.tables import homes
from tests.flows.flows_stage import LEVEL_3, Stage, eventually

MINA = Asker("T1", "C1", "U1")
SOCKET = pytest.mark.parametrize("mode", ["socket"], indirect=True)


def shown(stage: Stage, user: str = PROGRAMMER) -> str:
    """Everything that someone reads in their Home."""
    view = stage.sandbox.slack.core.forms.homes.get(user)
    blocks: list[dict[str, Any]] = view.content["blocks"] if view else []
    return "\n".join(block["text"]["text"] for block in blocks if "text" in block)


def published(stage: Stage) -> list[Call]:
    return stage.sandbox.slack.books.granted("views.publish")


async def opens(stage: Stage, user: str = PROGRAMMER) -> None:
    stage.sandbox.slack.open_home(user)
    await eventually(lambda: shown(stage, user))


async def reads(stage: Stage, words: str, user: str = PROGRAMMER) -> None:
    await eventually(lambda: words in shown(stage, user))


async def test_it_shows_what_runs_what_was_built_and_the_projects(stage: Stage) -> None:
    await stage.app.store.projects.add(Project("fruit", "543988", "2.20.6"), MINA, stage.now())
    await stage.build()
    await stage.say("/build fruit Endless")
    await stage.reaches(JobState.RUNNING)
    await opens(stage)
    running, rest = shown(stage).split("\nYour last builds\n")
    mine, projects = rest.split("\nProjects\n")
    assert "#2 · fruit · Endless* — building since" in running
    assert "*#1 · fruit · Level 3*" not in running
    assert "#1 · " in mine
    assert "ready in" in mine
    assert "Download zip" in mine
    assert "*fruit* · id 543988 · engine 2.20.6" in projects
    assert "`/build fruit " in projects
    assert stage.failures() == []


async def test_it_is_live(stage: Stage) -> None:
    await opens(stage)
    assert "Nothing is running." in shown(stage)
    await stage.say("/build 543988 Endless")
    await reads(stage, "— building since")
    await stage.press("stop", stage.one_card())
    await reads(stage, "no longer watched")
    assert "Nothing is running." in shown(stage)
    await stage.app.store.projects.add(Project("maze", "7"), MINA, stage.now())
    await reads(stage, "*maze* · id 7")


@SOCKET
async def test_everyone_sees_what_runs_and_their_own_builds(stage: Stage) -> None:
    await stage.build()
    await opens(stage, TESTER)
    assert "Level 3* — ready" not in shown(stage, TESTER)
    await stage.say("/build 543988 Endless")
    await reads(stage, f"by <@{PROGRAMMER}>", TESTER)


@SOCKET
async def test_nothing_is_published_when_nothing_changed(stage: Stage) -> None:
    await opens(stage)
    assert len(published(stage)) == 1
    stage.sandbox.slack.open_home(PROGRAMMER)
    await stage.sandbox.slack.core.courier.settled()
    # A name that does not exist is between its asker and the bot.
    await stage.build("/build 543988 Nowhere")

    async def compared() -> bool:
        mark = await stage.app.store.homes.mark(stage.now())
        [home] = await stage.app.store.database.rows(select(homes.c.seen))
        return bool(home["seen"] == mark)

    await eventually(compared)
    assert len(published(stage)) == 1


@SOCKET
async def test_a_burst_of_changes_is_published_together(stage: Stage) -> None:
    await opens(stage)
    for _ in range(6):
        await stage.build(f"{LEVEL_3} version={await stage.count()}")
    await reads(stage, "*#6 ·")
    calls = published(stage)
    assert len(calls) < 6
    gaps = [later.at - earlier.at for earlier, later in pairwise(calls)]
    assert min(gaps) > timedelta(seconds=1.9)


@SOCKET
async def test_who_went_away_an_hour_ago_is_not_followed(stage: Stage) -> None:
    await opens(stage)
    left = update(homes).values(opened_at=stage.now() - FOLLOWED)
    await stage.app.store.database.carry_out(left)
    await opens(stage, TESTER)
    await stage.say("/build 543988 Endless")
    await reads(stage, "building since", TESTER)
    assert "building" not in shown(stage)
    stage.sandbox.slack.open_home(PROGRAMMER)
    await reads(stage, "building since")


@SOCKET
async def test_a_slack_in_trouble_is_asked_again(stage: Stage) -> None:
    faults = stage.sandbox.slack.faults
    faults.add("views.publish", times=1, act=Answer(429, headers={"Retry-After": "1"}))
    await opens(stage)
    refusal = Answer(
        200, b'{"ok":false,"error":"not_enabled"}', {"Content-Type": "application/json"}
    )
    faults.add("views.publish", times=1, act=refusal)
    await stage.build()
    await eventually(lambda: "not_enabled" in _refusals(stage))
    await opens(stage)
    await reads(stage, "ready in")


def _refusals(stage: Stage) -> str:
    return stage.app.metrics.render().decode()
