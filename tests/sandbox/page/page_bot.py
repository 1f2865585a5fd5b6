"""A bot of a few lines: answers the sandbox's Slack by signed HTTP as a test tells it to."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.house import Sandbox

Json = dict[str, Any]


class Bot:
    """Takes what Slack delivers; `answers` says what it replies to each kind of payload."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.heard: list[Json] = []
        self.answers: dict[str, Callable[[Json], Json | None]] = {}
        self._sandbox = sandbox
        self._session = session

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/", self._take)
        return app

    async def call(self, method: str, **arguments: object) -> Json:
        """Call the Web API; an error of Slack's fails the test."""
        url = f"{self._sandbox.slack.url}/api/{method}"
        headers = {"Authorization": f"Bearer {self._sandbox.slack.bot_token}"}
        async with self._session.post(url, json=arguments, headers=headers) as answer:
            body: Json = await answer.json()
        assert body["ok"], body
        return body

    async def _take(self, request: web.Request) -> web.Response:
        text = await request.text()
        if request.content_type == "application/json":
            payload = json.loads(text)["event"]
        else:
            form = dict(await request.post())
            payload = json.loads(str(form["payload"])) if "payload" in form else form
        kind = payload.get("type") or payload["command"]
        self.heard.append(payload)
        answer = self.answers[kind](payload) if kind in self.answers else None
        then = answer.pop("then", None) if answer else None
        if then:
            await self.call(then.pop("method"), **then)
        return web.json_response(answer) if answer else web.Response()
