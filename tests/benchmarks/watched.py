"""Builds watched by the bot's own workers, store and client, in virtual time."""

import asyncio
import logging
import random
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast
from unittest.mock import patch

import aiohttp
import structlog
from sqlalchemy import Connection, insert

from bot.builds.job import Asker, Item, JobKind, JobState, Resolved
from bot.builds.options import BuildOptions
from bot.builds.request import BuildRequest
from bot.builds.transition import queue
from bot.playcanvas.client import PlayCanvas
from bot.playcanvas.limits import RateClass
from bot.store import Store, schema
from bot.store.budget import Seen as Limits
from bot.store.codec import dump_request, series
from bot.store.new_job import NewJob
from bot.store.sqlite import Hand
from bot.store.tables import jobs
from bot.workers.permits import Permits
from bot.workers.poller import Poller
from bot.workers.submitter import Submitter
from tests.benchmarks.baselines import Seen
from tests.benchmarks.builds import Build, Kind, taking
from tests.benchmarks.remote import Remote
from tests.clock import NOON, Clock

T = TypeVar("T")
_PATIENCE = timedelta(hours=3)
_SAMPLES = 30
_PLENTY = 6_000  # starts are not what is measured
_TICK = timedelta(milliseconds=1)


def watched(
    builds: Sequence[Build], limit: int, known: Sequence[Kind] = (), *, alone: bool = False
) -> Seen:
    """Watch builds to their ends; `known` is the history that the bot begins with.

    `alone`: each build is of a project of its own, of which nothing is ever known.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    shared = Path("/dev/shm")  # noqa: S108 - a disk's syncs are no part of virtual time
    home = shared if shared.is_dir() else None
    with (
        tempfile.TemporaryDirectory(dir=home) as folder,
        patch.object(Hand, "carry_out", _here),
    ):
        return asyncio.run(_watched(Path(folder) / "bot.db", builds, limit, known, alone=alone))


async def _here(hand: Hand, change: Callable[[Connection], T]) -> T:
    """Carry out here what goes over to a thread: the hops are no part of virtual time either."""
    return hand._do(change)


async def _watched(
    path: Path, builds: Sequence[Build], limit: int, known: Sequence[Kind], *, alone: bool
) -> Seen:
    clock = Clock()
    store = Store(f"sqlite+aiosqlite:///{path}", "account", lambda _topic: None)
    await schema.migrate(store.database)
    try:
        await store.budget.learn(RateClass.NORMAL, Limits(limit), clock())
        await store.budget.learn(RateClass.STRICT, Limits(_PLENTY), clock())
        await _remember(store, known)
        remote = Remote(clock, list(builds), limit)
        await _Watch(store, clock, remote, alone=alone).run()
    finally:
        await store.database.close()
    waits = [remote.seen_at[n] - b.start - b.takes for n, b in enumerate(builds)]
    return Seen(tuple(waits), remote.looks, remote.refused)


class _Watch:
    """One submitter and one poller: in virtual time no answer keeps the others waiting."""

    def __init__(self, store: Store, clock: Clock, remote: Remote, *, alone: bool) -> None:
        self._store, self._clock, self._remote, self._alone = store, clock, remote, alone
        strict, normal = self._permits(RateClass.STRICT), self._permits(RateClass.NORMAL)
        client = self._client(strict)
        self._submitter = Submitter(store, client, strict, "submitter", clock, patience=_PATIENCE)
        self._poller = Poller(store, self._client(normal), normal, "poller", clock)

    async def run(self) -> None:
        """Start each build in its time, and step the poller when it wants to be."""
        coming = [(NOON + timedelta(seconds=b.start), n) for n, b in enumerate(self._remote.builds)]
        coming.reverse()
        while len(self._remote.seen_at) < len(self._remote.builds):
            until = await self._poller.step(self._clock())
            if until is None:
                continue
            if coming and coming[-1][0] <= until:
                self._clock.now, number = coming.pop()
                await self._start(number)
            else:
                self._clock.now = max(until, self._clock.now + _TICK)

    async def _start(self, number: int) -> None:
        kind = number + 1_000 if self._alone else self._remote.builds[number].kind
        request, resolved = _request(kind, str(number))
        new = NewJob(str(number), request, _ASKER, _PATIENCE, anyway=True)
        now = self._clock()
        await self._store.jobs.add(new, now)
        job = await self._store.jobs.claim(JobState.ACCEPTED, "resolver", now)
        assert job is not None
        await self._store.jobs.record(job, queue(job, resolved, now), now)
        assert await self._submitter.step(now) is None

    def _permits(self, rate_class: RateClass) -> Permits:
        return Permits(self._store.budget, rate_class, self._clock, lambda _name, _seconds: None)

    def _client(self, permits: Permits) -> PlayCanvas:
        session = cast("aiohttp.ClientSession", self._remote)
        return PlayCanvas(session, "token", limiter=permits)


_ASKER = Asker("T1", "C1", "U1")


def _request(kind: int, name: str) -> tuple[BuildRequest, Resolved]:
    request = BuildRequest(str(1 + kind), ("Level",), options=BuildOptions(name=name))
    return request, Resolved((Item("1", "Level"),))


async def _remember(store: Store, known: Sequence[Kind]) -> None:
    dice = random.Random(7)  # noqa: S311 - figures, no secrets
    rows = [
        _past(number, taking(kind, dice), NOON - timedelta(minutes=1 + age))
        for age in range(_SAMPLES)
        for number, kind in enumerate(known)
    ]
    if rows:
        past = insert(jobs)
        await store.database.at_once(
            lambda connection: connection.execute(past, rows).rowcount, for_people=False
        )


def _past(kind: int, takes: float, ended_at: datetime) -> dict[str, object]:
    request, resolved = _request(kind, "past")
    started_at = ended_at - timedelta(seconds=takes)
    return {
        "kind": JobKind.BUILD,
        "state": JobState.READY,
        "intake_key": f"{kind} {ended_at}",
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "project": request.project,
        "request": dump_request(request),
        "series": series(JobKind.BUILD, request, resolved),
        "accepted_at": started_at,
        "started_at": started_at,
        "finished_at": ended_at,
        "ended_at": ended_at,
        "deadline_at": ended_at,
    }
