"""The web application: Slack's deliveries, health, readiness, metrics."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

log = structlog.get_logger(__name__)
# Slack's largest payloads are views of some hundred kilobytes.
_LARGEST_BODY = 1024 * 1024
# Listeners are short; the rest of the ten seconds is for the loops.
_SHUTDOWN_S = 2


@dataclass(frozen=True, slots=True)
class Probes:
    """What operators ask. `troubles` lists what keeps the bot from working; empty means ready."""

    troubles: Callable[[], Awaitable[list[str]]]
    metrics: Callable[[], Awaitable[bytes]]
    metrics_type: str
    acked: Callable[[float], None]


def create_web(bolt: AsyncApp | None, probes: Probes) -> web.Application:
    """Mount the routes; without Bolt (Socket Mode, workers) Slack has none."""
    app = web.Application(client_max_size=_LARGEST_BODY)
    app.router.add_get("/healthz", _health)
    app.router.add_get("/readyz", _ready(probes))
    app.router.add_get("/metrics", _metrics(probes))
    if bolt is not None:
        app.router.add_post("/slack/events", _events(bolt, probes))
    return app


async def serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Listen, and return the runner whose `cleanup` finishes what is in hand."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"ok": True})


def _ready(probes: Probes) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def ready(_request: web.Request) -> web.Response:
        troubles = await probes.troubles()
        body = {"ready": not troubles, "troubles": troubles}
        return web.json_response(body, status=503 if troubles else 200)

    return ready


def _metrics(probes: Probes) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def metrics(_request: web.Request) -> web.Response:
        headers = {"Content-Type": probes.metrics_type}
        return web.Response(body=await probes.metrics(), headers=headers)

    return metrics


def _events(bolt: AsyncApp, probes: Probes) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        began = time.perf_counter()
        if not _is_readable(request.headers):
            return web.Response(status=401)
        try:
            answered = await bolt.async_dispatch(await to_bolt_request(request))
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - whatever Bolt's parts raise at such a body
            # Bolt takes a body apart before it looks at the signature, and stumbles over bytes
            # that are no text, JSON that is no object or endless: Slack sends none of these.
            log.warning("unreadable delivery", error=type(error).__name__)
            return web.Response(status=401)
        probes.acked(time.perf_counter() - began)
        return await to_aiohttp_response(answered)

    return events


def _is_readable(headers: Mapping[str, str]) -> bool:
    """Say whether a signature can be checked at all: the SDK trips over times that are none."""
    time_of = headers.get("X-Slack-Request-Timestamp", "0")
    return time_of.isdecimal() and headers.get("X-Slack-Signature", "").isascii()
