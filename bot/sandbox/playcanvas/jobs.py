"""Exports under way: how long one takes and how it ends is decided by what is exported."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zlib import crc32

from bot.sandbox.playcanvas.answers import Clock, Json, Refusal, stamp
from bot.sandbox.playcanvas.orders import Order

FIRST_ID = 4_100_001


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How an export goes: `seconds` None means for ever, `failure` means it ends in an error.

    `messages` None leaves the field out of the error; `engine` is another than was asked for.
    """

    seconds: float | None = 10
    failure: bool = False
    messages: tuple[str, ...] | None = ()
    link: bool = True
    engine: str | None = None
    vary: bool = True


SCENES = {
    "Level 3": Behaviour(8),
    "Broken Shaders": Behaviour(
        7,
        failure=True,
        messages=(
            "Could not export",
            "Shader “water.frag”: line 12: 'vUv0' : undeclared identifier <b>&amp;</b>",
        ),
    ),
    "Missing Module": Behaviour(6, failure=True, messages=("Cannot find module './enemy.mjs'",)),
    "Silent Failure": Behaviour(6, failure=True, messages=None),
    "Endless": Behaviour(None),
    "Instant": Behaviour(0, vary=False),
    "No Link": Behaviour(6, link=False),
    "Other Engine": Behaviour(6, engine="1.77.3"),
}
BRANCHES = {"corrupt": Behaviour(6, failure=True, messages=("Could not read branch",))}


@dataclass(slots=True)
class Job:
    """One export: the order, its course, and the key of its download."""

    id: int
    order: Order
    created_at: datetime
    behaviour: Behaviour
    lasts: timedelta | None
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def ended_at(self, now: datetime) -> datetime | None:
        """Say when the export ended, if it has."""
        if self.lasts is None or now < self.created_at + self.lasts:
            return None
        return self.created_at + self.lasts

    def status(self, now: datetime) -> str:
        """Say what the API calls the state."""
        if self.ended_at(now) is None:
            return "running"
        return "error" if self.behaviour.failure else "complete"

    def to_json(self, now: datetime, url: str, link_at: str | None = None) -> Json:
        """Write the answer of `GET /jobs/{id}`, with the link where this kind has it."""
        status = self.status(now)
        data = dict(self.order.echo)
        if self.behaviour.engine is not None:
            data["engineVersion"] = self.behaviour.engine
        written: Json = {
            "id": self.id,
            "status": status,
            "created_at": stamp(self.created_at),
            "modified_at": stamp(self.ended_at(now) or self.created_at),
            "scope": {"type": "project", "id": self.order.project.id},
            "data": data,
        } | self._messages(status)
        if status == "complete" and self.behaviour.link:
            _put_link(written, link_at or ("url" if self.order.archive else "download_url"), url)
        return written

    def _messages(self, status: str) -> Json:
        if status == "error":
            messages = self.behaviour.messages
            return {} if messages is None else {"messages": list(messages)}
        # All three are met in the wild.
        variants: tuple[Json, ...] = ({}, {"messages": None}, {"messages": []})
        return variants[self.id % len(variants)]


def _put_link(written: Json, place: str, url: str) -> None:
    if place == "top":
        written["url"] = url
    else:
        written["data"][place] = url


class Jobs:
    """Every job of the account; a `scale` of 0.1 makes exports ten times as fast."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.scale = 1.0
        self.scenes = dict(SCENES)
        self.branches = dict(BRANCHES)
        self.all: dict[int, Job] = {}
        self._ids = count(FIRST_ID)

    def start(self, order: Order) -> Job:
        """Begin an export now."""
        job_id = next(self._ids)
        behaviour = self._behaviour(order)
        job = Job(job_id, order, self.clock(), behaviour, self._lasts(job_id, behaviour))
        self.all[job_id] = job
        return job

    def find(self, job_id: int) -> Job:
        """Return a job, or refuse with 404."""
        if job_id not in self.all:
            raise Refusal(404, "Job not found")
        return self.all[job_id]

    def by_key(self, key: str) -> Job:
        """Return the finished job behind a download key, or refuse with 404."""
        for job in self.all.values():
            if secrets.compare_digest(job.key.encode(), key.encode()):
                if job.status(self.clock()) != "complete":
                    break
                return job
        raise Refusal(404, "Not Found")

    def _behaviour(self, order: Order) -> Behaviour:
        names = [scene.name for scene in order.scenes] or [order.branch.name]
        known = self.branches if order.archive else self.scenes
        usual = Behaviour(7 + crc32(names[0].encode("utf-8", "replace")) % 11)
        return next((known[name] for name in names if name in known), usual)

    def _lasts(self, job_id: int, behaviour: Behaviour) -> timedelta | None:
        if behaviour.seconds is None:
            return None
        # Between nine tenths and eleven tenths, the same in every run.
        factor = 0.9 + crc32(str(job_id).encode()) % 201 / 1000 if behaviour.vary else 1
        return timedelta(seconds=behaviour.seconds * factor * self.scale)
