"""Fixtures of the flows: a bot in a sandbox, by either way that Slack delivers."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
import stamina

from bot.builds import pacing
from bot.store import lanes, wanted
from bot.workers import permits
from tests.flows.flows_stage import Stage, lived_in


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(copy(sqlite_template, tmp_path / "bot.db"))


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """How Slack delivers: signed HTTP, or as a test has it by `BOTH_WAYS` and the like."""
    return str(getattr(request, "param", "http"))


@pytest.fixture
def env() -> dict[str, str]:
    """Settings besides those of the sandbox; a test may override this."""
    return {}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Shrink the bot's own pauses: what is shown here does not depend on how long they are."""
    soon = timedelta(milliseconds=20)
    for name in ("_POST_SPACING", "_WORKSPACE_SPACING", "_ANSWER_SPACING"):
        monkeypatch.setattr(lanes, name, soon)
    monkeypatch.setattr(wanted, "_FRESHEN_AFTER", soon)
    monkeypatch.setattr(pacing, "SHORTEST_LOOK", 3 * soon)
    monkeypatch.setattr(pacing, "LONGEST_LOOK", 3 * soon)
    monkeypatch.setattr(pacing, "_MOST_TURNS", 0)
    monkeypatch.setattr(pacing, "LONGEST_BACK_OFF", 2 * soon)
    monkeypatch.setattr(permits, "_UNSAID_PAUSE", timedelta(seconds=0.5))
    stamina.set_testing(True, attempts=2)
    yield
    stamina.set_testing(False)


@pytest.fixture
async def stage(
    database: Path, mode: str, env: dict[str, str], hurried: None
) -> AsyncIterator[Stage]:
    _ = hurried
    async with lived_in(database, mode, env) as stage:
        yield stage
