"""The people: they type commands until one is accepted, and some are delivered three times."""

import asyncio
import re
from dataclasses import dataclass, field
from random import Random

from bot.sandbox.house import Sandbox
from bot.sandbox.slack.books import Delivered
from bot.sandbox.slack.delivery import Carrier, Parcel, Reply, refused
from bot.sandbox.slack.workspace import Channel
from tests.chaos.fleet import Fleet

ENDINGS = {
    "Level 3": "ready",
    "Instant": "ready",
    "Broken Shaders": "failed",
    "Level 1": "ready",
    "Silent Failure": "failed",
}
QUESTIONS = (
    "/projects scenes 543988",
    "/download 5f0000000000000000000a01 5f0000000000000000000b03",
)
_REFUSED = "nothing was started"
_ACCEPTED = re.compile(r"^#(\d+) ")


@dataclass(slots=True)
class Asked:
    """One command: a build is known by its name, a question by where its answer goes."""

    key: str
    channel_id: str
    ending: str = ""
    job_id: int | None = None
    hook: str = ""
    # Killed before it was kept: the one thing that must leave nothing behind.
    must_vanish: bool = False

    @property
    def accepted(self) -> bool:
        """Say whether the bot has acked it as accepted."""
        return self.job_id is not None


@dataclass
class Gate:
    """The way to the bot, where an ack can be kept from Slack."""

    carrier: Carrier
    fleet: Fleet
    swallows: bool = False
    acks: dict[str, int] = field(default_factory=dict)

    async def carry(self, parcel: Parcel) -> Reply:
        """Bring it; kill the server after its ack, and let Slack see none, when told to."""
        swallows, self.swallows = self.swallows, False
        reply = await self.carrier.carry(parcel)
        self._note(parcel, reply)
        if not swallows:
            return reply
        await self.fleet.kill(self.fleet.server)
        return refused("connection_failed")

    def _note(self, parcel: Parcel, reply: Reply) -> None:
        said = reply.body.get("text", "") if isinstance(reply.body, dict) else ""
        found = _ACCEPTED.match(said)
        if found:
            self.acks[parcel.payload["trigger_id"]] = int(found[1])


@dataclass
class People:
    """Everyone in the workspace, typing."""

    sandbox: Sandbox
    gate: Gate
    random: Random
    builds: list[Asked] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    repeats: int = 0

    @classmethod
    def living_in(cls, sandbox: Sandbox, fleet: Fleet, random: Random) -> "People":
        """Move in, with three more channels, and every one open to the bot."""
        workspace = sandbox.slack.workspace
        for n in range(3):
            everyone = set(workspace.users)
            workspace.add_channel(Channel(f"C0CHAOS000{n}", f"chaos-{n}", "", everyone))
        for channel in workspace.channels.values():
            channel.bot_in = True
        gate = Gate(sandbox.slack.core.courier.carrier, fleet)
        sandbox.slack.core.courier.carrier = gate
        return cls(sandbox, gate, random)

    @property
    def accepted(self) -> list[Asked]:
        """List the builds that the bot has accepted."""
        return [each for each in self.builds if each.accepted]

    async def ask(self) -> Asked:
        """Type one command for a build, once."""
        asked = self._build()
        self.builds.append(asked)
        scene = self.random.choice([s for s, e in ENDINGS.items() if e == asked.ending])
        text = f'/build 543988 "{scene}" name="{asked.key}"'
        delivered = await self._deliver(asked, text)
        if self.random.random() < 1 / 20:
            # Slack brings it again, the second time perhaps to another process.
            self.repeats += 2
            for _ in range(2):
                await self.sandbox.slack.redeliver(delivered)
                await asyncio.sleep(self.random.random())
        trigger = delivered.payload["trigger_id"]
        asked.job_id = self.gate.acks.get(trigger)
        return asked

    async def wonder(self) -> Asked:
        """Type a question that is answered to one person alone."""
        channels = list(self.sandbox.slack.workspace.channels)
        text = self.random.choice(QUESTIONS)
        asked = Asked(text.partition(" ")[0], self.random.choice(channels))
        delivered = await self._deliver(asked, text)
        asked.hook = str(delivered.payload["response_url"]).rpartition("/")[2]
        said = delivered.body.get("text", "") if isinstance(delivered.body, dict) else ""
        if delivered.acked and _REFUSED not in said:
            self.questions.append(asked)
        return asked

    async def _deliver(self, asked: Asked, text: str) -> Delivered:
        user = self.random.choice(list(self.sandbox.slack.workspace.users))
        channel = self.sandbox.slack.workspace.channels[asked.channel_id]
        if user not in channel.members:
            user = next(iter(sorted(channel.members)))
        await self.sandbox.slack.say(user, asked.channel_id, text)
        tail = text.partition(" ")[2]
        deliveries = self.sandbox.slack.books.deliveries
        return next(each for each in reversed(deliveries) if each.payload.get("text") == tail)

    def _build(self) -> Asked:
        channels = [
            each.id for each in self.sandbox.slack.workspace.channels.values() if not each.is_im
        ]
        ending = ENDINGS[self.random.choice(list(ENDINGS))]
        return Asked(f"Run {len(self.builds) + 1:04}", self.random.choice(channels), ending)
