"""The sandbox's PlayCanvas on a loopback port with a clock that only tests move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.playcanvas import PlayCanvasSandbox

# Twelve seconds into a minute: windows end at :00.
NOON = datetime(2026, 1, 2, 12, 0, 12, 345678, tzinfo=UTC)
Json = dict[str, Any]
FRUIT_RUSH, ODD_NAMES, FREE_PLAN, FOREIGN = 543988, 620001, 700002, 700003


@dataclass
class Stage:
    sandbox: PlayCanvasSandbox
    session: aiohttp.ClientSession
    url: str
    now: datetime = NOON

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = PlayCanvasSandbox.token,
        json: object = None,
    ) -> tuple[int, Json, dict[str, str]]:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        url = f"{self.url}/api{path}"
        async with self.session.request(method, url, headers=headers, json=json) as answer:
            return answer.status, await answer.json(), dict(answer.headers)

    async def get(self, path: str) -> Json:
        status, value, _ = await self.ask("GET", path)
        assert status == 200, value
        return value

    async def start(self, *scenes: str, project_id: int = FRUIT_RUSH, **more: object) -> Json:
        body = {
            "project_id": project_id,
            "name": "Fruit Rush",
            "scenes": [self.scene(name, project_id) for name in scenes],
        }
        status, value, _ = await self.ask("POST", "/apps/download", json=body | more)
        assert status in (200, 201), value
        return value

    async def finished(self, *scenes: str, **more: object) -> Json:
        job = await self.start(*scenes, project_id=FRUIT_RUSH, **more)
        self.pass_(60)
        return await self.get(f"/jobs/{job['id']}")

    def scene(self, name: str, project_id: int = FRUIT_RUSH) -> int:
        [found] = [
            scene.id
            for scene in self.sandbox.world.project(project_id).scenes
            if scene.name == name
        ]
        return found


@asynccontextmanager
async def stage(prefix: str = "/playcanvas") -> AsyncIterator[Stage]:
    sandbox = PlayCanvasSandbox(clock=lambda: on_stage.now)
    app = web.Application()
    app.add_subapp(prefix, sandbox.app)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        on_stage = Stage(sandbox, session, str(server.make_url(prefix)))
        yield on_stage
