"""Every parameter of an export, from what someone typed to the body that PlayCanvas gets."""

from typing import Any

import pytest

from bot.sandbox.slack.demo import BUILDS, PROGRAMMER
from tests.flows.flows_stage import Stage, eventually

pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)
# As long as the API allows, and with everything that Slack escapes on the way.
NAME = "<b> & *x* 😀 it's" + "é" * 983
DESCRIPTION = "1 < 2\n" * 1_666 + "end"
TEXTS = {
    "name": NAME,
    "version": "<&>" + "v" * 17,
    "description": DESCRIPTION,
    "notes": "&amp; " * 1_666 + "last",
    "branch": "dev",
    "engine": "2.21.0-beta.3",
    "target": "ios",
    "format": "static",
}
BOXES = {
    "minify": "scripts_minify",
    "concatenate": "scripts_concatenate",
    "sourcemaps": "scripts_sourcemaps",
    "optimize": "optimize_scene_format",
    "preload": "preload_bundle",
}


def _line(texts: dict[str, str], **boxes: str) -> str:
    given = [f'{key}="{text}"' for key, text in texts.items()]
    return " ".join(['543988 470004 "Main Menu"', *given, *(f"{k}={v}" for k, v in boxes.items())])


def _wanted(stage: Stage, **changed: object) -> dict[str, Any]:
    return {
        "project_id": 543988,
        "scenes": [470004, 470001],
        "name": NAME,
        "version": TEXTS["version"],
        "description": DESCRIPTION,
        "release_notes": TEXTS["notes"],
        "branch_id": stage.sandbox.playcanvas.world.projects[0].branches[1].id,
        "engine_version": "2.21.0-beta.3",
        "target": "ios",
        "format": "static",
    } | changed


async def test_the_longest_of_everything_reaches_playcanvas_unchanged(stage: Stage) -> None:
    assert [len(TEXTS[key]) for key in ("name", "version", "description", "notes")] == [
        *(999, 20, 9_999, 10_000)
    ]
    await stage.build("/build " + _line(TEXTS, **dict.fromkeys(BOXES, "yes")))
    every = dict.fromkeys(BOXES.values(), True)
    assert stage.submitted[-1].body == _wanted(stage, **every)

    # One by one, so that none of them hides behind another.
    line = _line(TEXTS | {"version": "2"}, minify="no", preload="no")
    await stage.sandbox.slack.say(PROGRAMMER, BUILDS, f"@builds build {line}")
    await eventually(lambda: len(stage.submitted) == 2)
    some = {"version": "2", "scripts_minify": False, "preload_bundle": False}
    assert stage.submitted[-1].body == _wanted(stage, **some)
    await stage.settled()

    await stage.build("/build " + _line(TEXTS | {"format": "npm"}, preload="yes"))
    none = dict.fromkeys(BOXES.values(), False) | {"format": "npm", "preload_bundle": True}
    assert stage.submitted[-1].body == _wanted(stage, **none)
    assert stage.failures() == []


async def test_what_the_api_would_refuse_never_comes_near_it(stage: Stage) -> None:
    lengths = {"name": 999, "version": 20, "description": 9_999, "notes": 10_000}
    wrong = [f"{key}={'x' * (most + 1)}" for key, most in lengths.items()]
    wrong += ["sourcemaps=yes", "sourcemaps=yes concatenate=yes minify=no", "engine=latest"]
    wrong += [f"format=npm {key}=yes" for key in BOXES if key != "preload"]
    asked = len(stage.sandbox.playcanvas.books)
    for each in wrong:
        await stage.say(f'/build 543988 "Level 3" {each}')
        assert "All about it: `/build help`" in stage.told()[-1], each
    assert await stage.count() == 0
    assert len(stage.sandbox.playcanvas.books) == asked
