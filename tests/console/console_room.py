"""A command as it is given: settings, a wish, and what was shown on the way."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.builds.job import JobKind
from bot.console.carry_out import Wish, carry_out
from bot.console.ending import Ending
from bot.console.progress import Standing
from bot.sandbox.house import Sandbox
from bot.settings import BuildSettings
from bot.store import Store


@dataclass
class Seen:
    """Progress that remembers what it was shown."""

    words: list[str] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def stands(self, title: str, standing: Standing) -> None:
        line = f"{title}: {standing.words}"
        if line not in self.words:
            self.words.append(line)
            self.changed.set()

    async def saw(self, line: str) -> None:
        while line not in self.words:
            self.changed.clear()
            await self.changed.wait()

    def moves(self, deed: str, done: int, total: int | None) -> None:
        self.deeds.append(f"{deed} {done}/{total}")

    def note(self, line: str) -> None:
        self.notes.append(line)

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Room:
    """A sandbox, and the settings that lead there."""

    sandbox: Sandbox
    out: Path
    database: Path
    monkeypatch: pytest.MonkeyPatch
    seen: Seen = field(default_factory=Seen)

    def __post_init__(self) -> None:
        self.monkeypatch.setenv("DATABASE_URL", f"sqlite:///{self.database}")
        for name, value in self.sandbox.settings().items():
            if name.startswith("PLAYCANVAS_"):
                self.monkeypatch.setenv(name, value)

    async def asks(self, kind: JobKind, *words: str, **wish: object) -> Ending:
        return await carry_out(self.settings(), self.wish(kind, *words, **wish), self.seen)

    def wish(self, kind: JobKind, *words: str, **wish: object) -> Wish:
        return Wish(kind, words, self.out, **wish)  # type: ignore[arg-type]

    def settings(self) -> BuildSettings:
        return BuildSettings.for_builds()

    def store(self) -> Store:
        return Store(f"sqlite+aiosqlite:///{self.database}", "account", lambda _: None)
