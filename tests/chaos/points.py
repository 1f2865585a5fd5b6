"""The kill points: every row of the crash table, reached through the sandbox's faults."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from aiohttp import web

from bot.sandbox.faults import Call, Faults
from tests.chaos.databases import Base
from tests.chaos.fleet import Fleet
from tests.chaos.people import People

# A point that nothing comes by is left for the next one.
PATIENCE_S = 12.0


@dataclass
class Place:
    """Everything that a kill needs."""

    fleet: Fleet
    people: People
    base: Base
    random: Random

    @property
    def slack(self) -> Faults:
        """Slack's faults."""
        return self.fleet.sandbox.slack.faults

    @property
    def playcanvas(self) -> Faults:
        """PlayCanvas's faults."""
        return self.fleet.sandbox.playcanvas.faults


Kill = Callable[[Place], Awaitable[bool]]


async def at_random(place: Place) -> bool:
    """Kill any process at any moment."""
    await asyncio.sleep(place.random.random() * 2)
    await place.fleet.kill(place.random.choice(place.fleet.machines))
    return True


async def before_the_commit(place: Place) -> bool:
    """Kill the server while its transaction cannot be written: the command leaves no trace."""
    async with place.base.locked():
        asking = asyncio.create_task(place.people.ask())
        await asyncio.sleep(0.3)
        await place.fleet.kill(place.fleet.server)
        asked = await asking
    asked.must_vanish = True
    return True


async def before_the_ack(place: Place) -> bool:
    """Kill the server when it has committed, and let Slack see no ack."""
    place.people.gate.swallows = True
    await place.people.ask()
    place.people.gate.swallows = False
    return True


async def _killed_at(place: Place, faults: Faults, path: str, *, acted: bool) -> bool:
    """Kill whoever makes the next such request, before it is acted on or before its answer."""
    dead = asyncio.Event()

    async def kill() -> None:
        await place.fleet.kill_asker()
        dead.set()

    async def kill_and_forget() -> None:
        await kill()
        # The request has died with its sender.
        raise web.HTTPBadGateway

    rule = faults.add(path, act=Call(between=kill) if acted else Call(before=kill_and_forget))
    faults.rules.insert(0, faults.rules.pop())
    try:
        async with asyncio.timeout(PATIENCE_S):
            await dead.wait()
    except TimeoutError:
        return False
    finally:
        faults.rules.remove(rule)
    return True


def before(which: str, path: str) -> Kill:
    """Kill before a request is acted on."""
    return lambda place: _killed_at(place, getattr(place, which), path, acted=False)


def after(which: str, path: str) -> Kill:
    """Kill when a request has been acted on, and not yet answered."""
    return lambda place: _killed_at(place, getattr(place, which), path, acted=True)


async def after_an_answer(place: Place) -> bool:
    """Kill when one person has been told something alone."""
    killing = asyncio.create_task(_killed_at(place, place.slack, "response/*", acted=True))
    await asyncio.sleep(0)
    await place.people.wonder()
    return await killing


POINTS: dict[str, Kill] = {
    "before the job commits": before_the_commit,
    "after the commit, before the ack": before_the_ack,
    "before the names are looked up": before("playcanvas", "projects/*/scenes"),
    "after claiming, before the POST": before("playcanvas", "apps/download"),
    "after the POST, before its id is stored": after("playcanvas", "apps/download"),
    "before a poll": before("playcanvas", "jobs/*"),
    "after a poll, before it is recorded": after("playcanvas", "jobs/*"),
    "after the outcome commits": before("slack", "chat.update"),
    "before Slack takes a post": before("slack", "chat.postMessage"),
    "after Slack took a post, before ts is stored": after("slack", "chat.postMessage"),
    "after chat.update, before it is recorded": after("slack", "chat.update"),
    "after an answer or link was shown to one alone": after_an_answer,
    "at random": at_random,
}
