"""The whole bot in the sandbox, in one process, and what its books say happened."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Connection, select, union_all, update

from bot.app import App
from bot.builds.job import Job, JobState
from bot.running import running
from bot.sandbox.house import Sandbox
from bot.sandbox.playcanvas.sandbox import Received
from bot.sandbox.slack.demo import BUILDS, PROGRAMMER
from bot.sandbox.slack.messages import Message
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.store.tables import buckets, jobs, notices, whispers

Json = dict[str, Any]
LEVEL_3 = '/build 543988 "Level 3"'
PATIENCE_S = 20.0
# What the way of delivery could make a difference to is tried by both.
BOTH_WAYS = pytest.mark.parametrize("mode", ["socket", "http"], indirect=True)


async def eventually(
    condition: Callable[[], object] | Callable[[], Awaitable[object]], within: float = PATIENCE_S
) -> None:
    """Wait until a condition holds, looking often; fail when it does not in time."""
    deadline = asyncio.get_running_loop().time() + within
    while True:
        held = condition()
        if asyncio.iscoroutine(held):
            held = await held
        if held:
            return
        assert asyncio.get_running_loop().time() < deadline, f"not within {within} s"
        await asyncio.sleep(0.03)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Scene:
    """One sandbox as the tests read it: who was told what, what PlayCanvas was asked."""

    sandbox: Sandbox

    async def say(self, text: str, channel: str = BUILDS, user: str = PROGRAMMER) -> None:
        await self.sandbox.slack.say(user, channel, text)

    async def press(self, action_id: str, card: Message, user: str = PROGRAMMER) -> None:
        await self.sandbox.slack.press(user, card.ts, action_id)

    def said(self, channel: str = BUILDS) -> list[Message]:
        """What the bot has said where all can read it, oldest first."""
        workspace = self.sandbox.slack.workspace
        messages = workspace.channels[channel].messages.values()
        said = [m for m in messages if m.user == workspace.bot.id and m.subtype != "channel_join"]
        return sorted(said, key=lambda message: message.ts)

    def cards(self, channel: str = BUILDS) -> list[Message]:
        return [message for message in self.said(channel) if not message.is_reply]

    def replies(self, channel: str = BUILDS) -> list[Message]:
        return [message for message in self.said(channel) if message.is_reply]

    def one_card(self, channel: str = BUILDS) -> Message:
        [card] = self.cards(channel)
        return card

    def one_reply(self, channel: str = BUILDS) -> Message:
        [reply] = self.replies(channel)
        assert reply.thread_ts == self.one_card(channel).ts
        return reply

    def buttons(self, channel: str = BUILDS) -> list[str]:
        """The labels below the one card."""
        blocks = self.one_card(channel).blocks or []
        rows = [block["elements"] for block in blocks if block["type"] == "actions"]
        return [each["text"]["text"] for row in rows for each in row]

    def told(self, user: str = PROGRAMMER) -> list[str]:
        """What was said to one person alone."""
        ephemerals = self.sandbox.slack.core.posting.ephemerals.values()
        return [each.text for each in ephemerals if each.for_user == user]

    def failures(self) -> list[str]:
        """Deliveries that were not acked in time, for which Slack shows an error of its own."""
        books = self.sandbox.slack.books
        return [f"{each.kind}: {each.error}" for each in books.deliveries if not each.acked]

    def posted(self) -> int:
        return len(self.sandbox.slack.books.granted("chat.postMessage"))

    def asked(self, route: str) -> list[Received]:
        """The requests that reached PlayCanvas at paths with these words in them."""
        return [each for each in self.sandbox.playcanvas.books if route in each.path]

    async def shows(self, words: str, channel: str = BUILDS) -> None:
        """Wait until the one card says these words."""
        await self.says(words, channel=channel)

    async def says(self, *words: str, channel: str = BUILDS) -> None:
        """Wait until the last cards of a channel say these words, one each."""

        def shown() -> bool:
            cards = self.cards(channel)[-len(words) :]
            pairs = zip(cards, words, strict=False)
            return len(cards) == len(words) and all(each in card.text for card, each in pairs)

        await eventually(shown)

    def finish_exports(self) -> None:
        """Let every export that PlayCanvas has under way be over now."""
        for each in self.sandbox.playcanvas.jobs.all.values():
            each.lasts = timedelta()

    @property
    def submitted(self) -> list[Received]:
        return self.asked("/apps/download")


@dataclass
class Stage(Scene):
    """The bot in this process, with its store at hand."""

    app: App
    port: int
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def build(self, text: str = LEVEL_3, channel: str = BUILDS) -> Job:
        """Type a command and wait until its job is over and everything about it is said."""
        await self.say(text, channel)
        await self.settled()
        return await self.job()

    async def job(self, job_id: int | None = None) -> Job:
        found = await self.app.store.jobs.get(job_id or await self.count())
        assert found is not None
        return found

    async def count(self) -> int:
        return sum((await self.app.store.jobs.count()).values())

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    async def end_remotely(self) -> None:
        self.finish_exports()

    async def is_quiet(self) -> bool:
        """Say whether nothing is due any more: every job is over, everything said."""
        open_jobs = select(jobs.c.id).where(jobs.c.due_at.is_not(None))
        open_notices = select(notices.c.id).where(notices.c.due_at.is_not(None))
        told_alone = select(whispers.c.id)
        rows = union_all(open_jobs, open_notices, told_alone).limit(1)
        # In one hop: it is asked again and again.
        return await self.app.store.database.look(lambda c: c.scalar(rows)) is None

    async def settled(self) -> None:
        await eventually(self.is_quiet)

    async def press(self, action_id: str, card: Message, user: str = PROGRAMMER) -> None:
        """Press a button, and wait until the presser was told what there is to tell."""
        await super().press(action_id, card, user)
        await self.whispered()

    async def whispered(self) -> None:
        """Wait until nobody is to be told anything alone any more."""

        async def nothing_left() -> bool:
            return await self.app.store.whispers.next_due() is None

        await eventually(nothing_left)

    async def reaches(self, state: JobState) -> Job:
        """Wait until the newest job is in a state, and its card says so."""

        async def there() -> bool:
            return bool(await self.count()) and (await self.job()).state is state

        await eventually(there)
        return await self.job()

    async def reaches_all(self, *states: JobState) -> None:
        """Wait until the jobs, by number, are in these states."""

        async def there() -> bool:
            found = [await self.app.store.jobs.get(n) for n in range(1, len(states) + 1)]
            return [job and job.state for job in found] == list(states)

        await eventually(there)

    async def knows_limits(self) -> bool:
        """Say whether the bot has heard what the account may do."""
        query = select(buckets.c.limit)
        known = await self.app.store.database.look(lambda c: set(c.scalars(query)))
        limits = self.sandbox.playcanvas.limits
        return known == {limits.strict.limit, limits.normal.limit}

    async def hold_starts(self, seconds: float = 30) -> None:
        """Keep the bot from starting anything, as after a 429 that others brought about."""
        now = datetime.now(UTC)
        await self.app.store.budget.cool("strict", now + timedelta(seconds=seconds), now)

    async def age(self, column: str, by: timedelta) -> None:
        """Let time pass for one column of all jobs: what waiting that long would do."""

        def make_older(connection: Connection) -> None:
            for job_id, value in connection.execute(select(jobs.c.id, jobs.c[column])).all():
                older = update(jobs).where(jobs.c.id == job_id)
                connection.execute(older.values({column: value - by}))

        await self.app.store.database.at_once(make_older, for_people=False)

    async def expire(self) -> None:
        """Let the deadline of every job pass, and wait until all is said.

        Again and again, as a worker that has a job in hand writes back the deadline it read.
        """

        async def over() -> bool:
            await self.age("deadline_at", timedelta(hours=1))
            return await self.is_quiet()

        await eventually(over)

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def post(
        self,
        body: bytes | str,
        headers: Mapping[str, str] | None = None,
        *,
        sign: bool = True,
        at: datetime | None = None,
    ) -> tuple[int, str]:
        """Deliver bytes as Slack would, or as someone who would like to be Slack."""
        raw = body if isinstance(body, bytes) else body.encode()
        given = {"Content-Type": "application/x-www-form-urlencoded"} | dict(headers or {})
        if sign:
            text = raw.decode("utf-8", "replace")
            given = self.sandbox.slack.signed(text, at or datetime.now(UTC)) | given
        url = f"{self.url}/slack/events"
        async with self.session.post(url, data=io.BytesIO(raw), headers=given) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def lived_in(
    database: Path, mode: str = "socket", more: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    """Start a sandbox without waits of its own, and the bot in it."""
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        unhurried(sandbox)
        async with bot_in(sandbox, database, mode, more) as (app, port):
            stage = Stage(sandbox, app, port, session)
            await eventually(stage.knows_limits)
            yield stage


@asynccontextmanager
async def bot_in(
    sandbox: Sandbox, database: Path, mode: str = "socket", more: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[App, int]]:
    port = free_port()
    settings = Settings.load(environment(sandbox, database, mode, port) | dict(more or {}))
    sandbox.slack.deliver_to(f"http://127.0.0.1:{port}/slack/events" if mode == "http" else None)
    async with running(settings, takes_slack=True, runs_loops=True) as app:
        if mode == "socket":
            await sandbox.slack.sockets.connected()
        yield app, port


def unhurried(sandbox: Sandbox) -> None:
    """Let exports be over soon, and no pace of a server be what a test waits for."""
    sandbox.slack.install(manifest(None))
    sandbox.slack.core.pace.lift()
    sandbox.playcanvas.jobs.scale = 0.01
    sandbox.playcanvas.limits.strict.limit = 6_000
    sandbox.playcanvas.limits.normal.limit = 60_000


def environment(sandbox: Sandbox, database: Path, mode: str, port: int) -> dict[str, str]:
    other = "SLACK_APP_TOKEN" if mode == "http" else "SLACK_SIGNING_SECRET"
    own = {"DATABASE_URL": f"sqlite:///{database}", "PORT": str(port)}
    return {name: value for name, value in sandbox.settings().items() if name != other} | own
