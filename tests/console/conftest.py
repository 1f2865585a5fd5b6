"""Fixtures of the command line: a sandbox next to an empty folder, and no settings but its own."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
import stamina

from bot.builds import pacing
from bot.console import follow
from bot.sandbox.house import Sandbox
from bot.settings import rows
from tests.console.console_room import Room


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Shrink the pauses: what is shown here does not depend on how long they are."""
    soon = timedelta(milliseconds=20)
    monkeypatch.setattr(pacing, "SHORTEST_LOOK", soon)
    monkeypatch.setattr(pacing, "LONGEST_LOOK", soon)
    monkeypatch.setattr(pacing, "_MOST_TURNS", 0)
    monkeypatch.setattr(pacing, "LONGEST_BACK_OFF", soon)
    monkeypatch.setattr(follow, "_EVERY", 0.01)
    stamina.set_testing(testing=True, attempts=1)
    yield
    stamina.set_testing(testing=False)


@pytest.fixture
async def room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> AsyncIterator[Room]:
    for name, _, _ in rows():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    async with Sandbox() as sandbox:
        sandbox.playcanvas.jobs.scale = 0.01
        sandbox.playcanvas.limits.strict.limit = 6_000
        sandbox.playcanvas.limits.normal.limit = 60_000
        # Most tests are not about how a database comes to head.
        database = Path(copy(sqlite_template, tmp_path / "bot.db"))
        yield Room(sandbox, tmp_path / "here" / "out", database, monkeypatch)
