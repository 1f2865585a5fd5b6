"""`kill -9` amid several archives: every branch is archived, one card, one reply."""

import asyncio
from pathlib import Path

import pytest

from bot.builds.job import JobState
from bot.sandbox.faults import Call
from tests.flows.flows_served import served


@pytest.mark.parametrize("at", ["projects/*/export", "jobs/*"])
async def test_a_killed_bot_finishes_what_is_left(database: Path, at: str) -> None:
    async with served(database.parent, "socket", forks=True) as stage:
        faults, dead = stage.sandbox.playcanvas.faults, asyncio.Event()

        async def kill() -> None:
            await stage.kill()
            dead.set()

        faults.add(at, act=Call(between=kill))
        await stage.say("/projects archive 543988 branch=all")
        await dead.wait()
        stage.let_leases_run_out()
        await stage.start()
        stage.finish_exports()
        await stage.settled()
        parent, *children = stage.states
        assert parent == JobState.FAILED
        assert sorted(children) == [JobState.FAILED, *3 * [JobState.READY]]
        assert "3 archived, 1 failed" in stage.one_card().text
        assert "3 archived, 1 failed" in stage.one_reply().text
        assert stage.posted() == 2
