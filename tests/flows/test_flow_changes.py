"""What QA reads: what changed since the last ready build, and which engine it carries."""

import pytest

from bot.sandbox.playcanvas.world import Checkpoint
from tests.flows.flows_stage import LEVEL_3, Stage, eventually

pytestmark = pytest.mark.parametrize("mode", ["socket"], indirect=True)


def _commit(stage: Stage, number: int, description: str, author: str = "Ana Ruiz") -> None:
    main = stage.sandbox.playcanvas.world.project(543988).main
    made = Checkpoint(f"cp-{number}", description, stage.now(), author)
    main.checkpoints.insert(0, made)


async def test_a_ready_build_lists_what_changed_since_the_last_one(stage: Stage) -> None:
    await stage.build()
    assert "Changed since" not in stage.replies()[-1].text
    _commit(stage, 1, "Fixes the jump\nand more")
    _commit(stage, 2, "Adds <!here> fruit", "Bo")
    await stage.build()
    said = stage.replies()[-1].text
    assert said.endswith(
        "*Changed since #1:*\n• Bo: Adds &lt;!here&gt; fruit\n• Ana Ruiz: Fixes the jump"
    )
    await stage.build()
    assert "Changed since" not in stage.replies()[-1].text


async def test_more_than_ten_are_counted(stage: Stage) -> None:
    await stage.build()
    for number in range(17):
        _commit(stage, number, f"Change {number}")
    await stage.build()
    assert stage.replies()[-1].text.endswith("• Ana Ruiz: Change 7\nand 7 more")


async def test_other_scenes_have_changes_of_their_own(stage: Stage) -> None:
    await stage.build('/build 543988 "Level 1"')
    _commit(stage, 1, "Fixes the jump")
    await stage.build()
    assert "Changed since" not in stage.replies()[-1].text


async def test_the_engine_of_the_last_ready_build_is_sent_when_none_is_named(stage: Stage) -> None:
    await stage.build(f"{LEVEL_3} engine=2.19.1")
    await stage.build()
    await stage.build(f"{LEVEL_3} engine=2.21.0")
    sent = [request.body for request in stage.submitted]
    engines = [body.get("engine_version") for body in sent if isinstance(body, dict)]
    assert engines == ["2.19.1", "2.19.1", "2.21.0"]
    assert "engine 2.19.1" in stage.cards()[1].text


async def test_an_engine_that_is_not_the_one_asked_for_is_told(stage: Stage) -> None:
    await stage.build('/build 543988 "Other Engine" engine=2.19.1')
    assert "(asked for 2.19.1)" in stage.one_card().text


async def test_a_failure_comes_with_a_hint(stage: Stage) -> None:
    await stage.build('/build 543988 "Missing Module"')
    assert "check its path" in stage.one_reply().text
    assert "check its path" in stage.one_card().text


async def test_a_failure_on_a_new_engine_can_be_tried_on_the_one_that_worked(stage: Stage) -> None:
    await stage.build(f"{LEVEL_3} engine=2.19.1")
    await stage.build('/build 543988 "Broken Shaders" engine=2.21.0')
    failed = stage.cards()[-1]
    assert "Retry with engine 2.19.1" in str(failed.blocks)
    await stage.press("retry_on_engine", failed)
    await eventually(lambda: len(stage.submitted) == 3)
    body = stage.submitted[-1].body
    assert isinstance(body, dict)
    assert body["engine_version"] == "2.19.1"
    await stage.settled()
    assert (await stage.job(3)).retry_of == 2
    assert "Retry with engine" not in str(stage.cards()[-1].blocks), "it failed there as well"
