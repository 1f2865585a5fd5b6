"""The demo: the whole sandbox and the unchanged bot, on this machine alone."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from bot.app import App
from bot.builds.job import TERMINAL, JobState
from bot.running import running
from bot.sandbox.applivery import demo as applivery
from bot.sandbox.house import DOWNLOAD_HINT, HINT, Sandbox
from bot.sandbox.playcanvas import demo as playcanvas
from bot.sandbox.slack import demo as people
from bot.sandbox.slack.audience import Events
from bot.sandbox.transcript import Transcript
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.store.link import LinkState
from bot.telemetry import set_up_logs

_BETWEEN_CHECKPOINTS_S = 60
_QUIET_S = 0.2  # after which a conversation may be over


async def page(port: int) -> NoReturn:
    """Show the page until someone stops it."""
    async with _lived_in(port) as (sandbox, _):
        click.echo(f"Open this page:  {sandbox.url}/")
        click.echo(f"and try:         {HINT}")
        click.echo(f"or:              {DOWNLOAD_HINT}")
        await _work(sandbox)


async def once(command: str) -> int:
    """Type one command and print the conversation; 0 when what it asked for came, else 1."""
    async with _lived_in(0) as (sandbox, app):
        slack = sandbox.slack
        user = next(each.id for each in slack.workspace.users.values() if not each.is_bot)
        channel = next(each.id for each in slack.workspace.channels.values() if each.bot_in)
        transcript = Transcript(slack.workspace, user)
        async with slack.watch(user) as events:
            click.echo(transcript.typed(command))
            await slack.say(user, channel, command)
            over = False
            while (event := await _next(events)) or not over:
                for line in transcript.lines(event) if event else []:
                    click.echo(line)
                # What was said until then is still to be written.
                over = over or (event is None and await _is_over(app))
        return 0 if await _went_well(app) else 1


async def _next(events: Events) -> dict[str, Any] | None:
    try:
        async with asyncio.timeout(_QUIET_S):
            return await anext(events)
    except TimeoutError:
        return None


async def _is_over(app: App) -> bool:
    """Say whether every job has ended, and everything is said about jobs, links and errands."""
    count, _ = await app.store.outbox.backlog()
    if await app.store.links.next_due() or await app.store.errands.next_due():
        return False
    return not count and set(await app.store.jobs.count()) <= set(TERMINAL)


async def _went_well(app: App) -> bool:
    """Say whether something was asked for, and nothing but a ready build or a link came of it."""
    ends = {*await app.store.jobs.count(), *await app.store.links.count()}
    return bool(ends) and ends <= {JobState.READY, LinkState.SERVED}


async def _name_apps(sandbox: Sandbox) -> None:
    """Do what a team does once: one of them names its apps."""
    for app in (applivery.ANDROID, applivery.IOS):
        line = f"/download add {app.slug} {app.id} project={playcanvas.FRUIT_RUSH}"
        await sandbox.slack.say(people.PRODUCER, people.BUILDS, line)


async def _work(sandbox: Sandbox) -> NoReturn:
    """Do what a team does all day, so that builds can tell what changed."""
    while True:
        await asyncio.sleep(_BETWEEN_CHECKPOINTS_S)
        sandbox.playcanvas.check_in(playcanvas.FRUIT_RUSH)


@asynccontextmanager
async def _lived_in(port: int) -> AsyncIterator[tuple[Sandbox, App]]:
    """Start the sandbox and the bot in it, with a database that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="build-bot-demo-") as folder:
        async with Sandbox(port) as sandbox:
            sandbox.slack.install(manifest(None))
            own = {"DATABASE_URL": f"sqlite:///{Path(folder) / 'bot.db'}", "PORT": "0"}
            settings = Settings.load(sandbox.settings() | own)
            set_up_logs("ERROR", "console", settings.secrets())
            async with running(settings, takes_slack=True, runs_loops=True) as app:
                await _name_apps(sandbox)
                yield sandbox, app
