"""The weather: what Slack, PlayCanvas and the database do wrong while processes are killed."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from bot.sandbox.faults import Act, Answer, Delay, DropAnswer, Faults, Reset, Rule
from bot.sandbox.house import Sandbox
from tests.chaos.databases import Base

JSON, HTML = {"Content-Type": "application/json"}, {"Content-Type": "text/html"}
PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
BUSY = b'{"ok":false,"error":"ratelimited"}'
ACTS: dict[str, Act] = {
    "answer dropped": DropAnswer(),
    "connection reset": Reset(),
    "later than any time-out": Delay(12),
    "much later": Delay(25),
    "429 with headers": Answer(429, BUSY, JSON | {"Retry-After": "2"}),
    "429 without": Answer(429, b""),
    "500": Answer(500, b"server error"),
    "502 HTML": Answer(502, PAGE, HTML),
    "200 rubbish": Answer(200, b"{", JSON),
    "200 HTML": Answer(200, PAGE, HTML),
}
MOST_AT_ONCE = 4
PATHS = {
    "slack": ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies"),
    "playcanvas": ("projects/*/scenes", "projects/*/branches", "apps/download", "jobs/*"),
}


@dataclass
class Weather:
    """Faults at random, and now and then something worse."""

    sandbox: Sandbox
    base: Base
    random: Random
    away_s: float
    met: Counter[str] = field(default_factory=Counter)
    _rules: dict[str, list[Rule]] = field(default_factory=dict)

    async def blow(self) -> None:
        """Let things go wrong until cancelled."""
        while True:
            await asyncio.sleep(1 + self.random.random() * 3)
            self.one_fault()

    def one_fault(self) -> None:
        """Let one or two requests of a kind go wrong."""
        which = self.random.choice(list(PATHS))
        path, name = self.random.choice(PATHS[which]), self.random.choice(list(ACTS))
        self.met[name] += 1
        faults = self._faults(which)
        rules = self._rules.setdefault(which, [])
        rules.append(faults.add(path, times=self.random.randint(1, 2), act=ACTS[name]))
        if len(rules) > MOST_AT_ONCE:
            faults.rules.remove(rules.pop(0))

    async def lose_slack(self) -> None:
        """Let Slack be away, and come back."""
        self.met["Slack away"] += 1
        faults = self._faults("slack")
        rule = faults.add("*", times=1_000_000, act=Reset())
        faults.rules.insert(0, faults.rules.pop())
        await asyncio.sleep(self.away_s)
        faults.rules.remove(rule)

    async def lock_database(self) -> None:
        """Let someone else hold the database for longer than anyone waits."""
        self.met["database locked"] += 1
        async with self.base.locked():
            await asyncio.sleep(8)

    async def restart_database(self) -> None:
        """Take the database away for a moment."""
        self.met["database restarted"] += 1
        await self.base.restart()

    def clear(self) -> None:
        """Let the sun come out."""
        for which in PATHS:
            self._faults(which).clear()

    def _faults(self, which: str) -> Faults:
        return self.sandbox.slack.faults if which == "slack" else self.sandbox.playcanvas.faults
