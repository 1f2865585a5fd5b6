"""The fleet: the bot's real processes, each with a door of its own to the sandbox."""

import asyncio
import os
import signal
import sys
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.house import LOOPBACK, Sandbox

ROOT = Path(__file__).parents[2]
STARTING_S = 60.0
_DOOR: ContextVar[int] = ContextVar("door", default=0)


@dataclass(slots=True)
class Machine:
    """One process: `role` is the command it runs; `port` its own, `door` its way out."""

    role: str
    port: int
    door: int
    process: asyncio.subprocess.Process | None = None


@dataclass
class Fleet:
    """Every process of one bot."""

    sandbox: Sandbox
    folder: Path
    database_url: str
    session: aiohttp.ClientSession
    machines: list[Machine] = field(default_factory=list)
    kills: int = 0

    @staticmethod
    @web.middleware
    async def notice_door(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Remember by which door a request came in."""
        name = request.transport.get_extra_info("sockname") if request.transport else None
        _DOOR.set(name[1] if name else 0)
        return await handler(request)

    async def hire(self, role: str) -> Machine:
        """Make room for one more process, and start it."""
        machine = Machine(role, await self._door(own=False), await self._door(own=True))
        self.machines.append(machine)
        await self.start(machine)
        return machine

    async def _door(self, *, own: bool) -> int:
        """Open another port of the sandbox, or only find one that is free."""
        server = await asyncio.start_server(lambda *_: None, LOOPBACK, 0)
        port: int = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        if own:
            await web.TCPSite(self.sandbox._runner, LOOPBACK, port).start()
        return port

    def environment(self, machine: Machine | None = None) -> dict[str, str]:
        """Say what one process is told: everything by its own door."""
        door = f"http://{LOOPBACK}:{machine.door if machine else self.sandbox.port}"
        settings = self.sandbox.settings()
        del settings["SLACK_APP_TOKEN"]
        led = {name: value.replace(self.sandbox.url, door) for name, value in settings.items()}
        own = {"DATABASE_URL": self.database_url, "LOG_FORMAT": "json"}
        port = {"PORT": str(machine.port)} if machine else {}
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | led | own | port

    async def run(self, role: str, machine: Machine | None = None) -> asyncio.subprocess.Process:
        """Run a command of the bot, its log beside the others'."""
        with (self.folder / "stderr").open("ab") as stderr:
            # In an empty folder: no `.env` of whoever runs this is read.
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", role),
                cwd=self.folder,
                env=self.environment(machine),
                stdout=stderr,
                stderr=stderr,
            )

    async def start(self, machine: Machine) -> None:
        """Start a process and wait until it lives; again when it ends, as a supervisor would."""
        within = asyncio.timeout(STARTING_S)
        async with within:
            machine.process = await self.run(machine.role, machine)
            while not await self._lives(machine):
                if machine.process.returncode is not None:
                    machine.process = await self.run(machine.role, machine)
                await asyncio.sleep(0.05)

    async def _lives(self, machine: Machine) -> bool:
        try:
            async with self.session.get(f"http://{LOOPBACK}:{machine.port}/healthz") as answer:
                return answer.status == web.HTTPOk.status_code
        except aiohttp.ClientError:
            return False

    async def kill(self, machine: Machine) -> None:
        """Kill it as a power cut would."""
        process = machine.process
        if process is not None and process.returncode is None:
            self.kills += 1
            process.send_signal(signal.SIGKILL)
            await process.wait()

    async def kill_asker(self) -> None:
        """Kill the process whose request this is; those with loops when it came by no door."""
        door = _DOOR.get()
        theirs = [each for each in self.machines if each.door == door]
        for machine in theirs or self.loopers:
            await self.kill(machine)

    async def revive(self) -> None:
        """Start again whatever is dead."""
        dead = [each for each in self.machines if not each.process or each.process.returncode]
        await asyncio.gather(*(self.start(each) for each in dead))

    @property
    def server(self) -> Machine:
        """The one that takes Slack's traffic."""
        return next(each for each in self.machines if each.role == "serve")

    @property
    def loopers(self) -> list[Machine]:
        """Those that run the loops: on SQLite the server does."""
        return [each for each in self.machines if each.role == "work"] or [self.server]

    async def close(self) -> None:
        """Leave no process behind."""
        for machine in self.machines:
            if machine.process is not None and machine.process.returncode is None:
                machine.process.kill()
                await machine.process.wait()
