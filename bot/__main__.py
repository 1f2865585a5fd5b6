"""The command line: demo, serve, work, migrate, doctor, manifest, build, archive."""

import asyncio
import json
import signal
import sys
from collections.abc import Coroutine

import click

from bot import console, doctor, running
from bot.settings import Settings, SettingsError
from bot.slack.manifest import manifest as app_manifest
from bot.store import schema
from bot.store.engine import RELEASE, Database
from bot.store.trouble import DatabaseTroubleError, told
from bot.telemetry import set_up_logs

_ON_SQLITE = "On SQLite `serve` runs the loops itself; `work` is for DATABASE_URL=postgres://…"
_WAITS = "Another release is migrating the database: waiting for its end."
_ONE_OF_TWO = "Give either --url https://… or --socket."
_HTTPS = "Slack delivers to https addresses only."


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Build PlayCanvas apps from Slack: one command, one card, one reply."""


@cli.command()
@click.option("--port", default=8000, show_default=True, help="Where the page is; 0 takes any.")
@click.option("--once", metavar="COMMAND", help="Type one command, print what follows, and end.")
def demo(port: int, once: str | None) -> None:
    """Show the bot on this machine alone, without any account."""
    from bot.sandbox import demo as sandbox_demo  # noqa: PLC0415 - `serve` starts sooner without

    if once is not None:
        sys.exit(_run(sandbox_demo.once(once)))
    sys.exit(_run(sandbox_demo.page(port)))


@cli.command()
def serve() -> None:
    """Take Slack's traffic; on SQLite run the loops as well."""
    settings = _settings(takes_slack=True)
    on_sqlite = Database(settings.database_url).is_sqlite
    sys.exit(_run(_until_stopped(settings, takes_slack=True, runs_loops=on_sqlite)))


@cli.command()
def work() -> None:
    """Run the loops; for PostgreSQL, on as many machines as wanted."""
    settings = _settings(takes_slack=False)
    if Database(settings.database_url).is_sqlite:
        raise click.ClickException(_ON_SQLITE)
    sys.exit(_run(_until_stopped(settings, takes_slack=False, runs_loops=True)))


@cli.command()
def migrate() -> None:
    """Bring the database to head: the release step."""
    settings = _settings(takes_slack=False)
    sys.exit(_run(_migrate(settings.database_url)))


@cli.command("doctor")
def see_doctor() -> None:
    """Check settings, database, Slack and PlayCanvas, and say what to do."""
    sys.exit(_run(_examine(_settings(takes_slack=False))))


@cli.command()
@click.option("--url", help="The bot's public address, for delivery over HTTP.")
@click.option("--socket", is_flag=True, help="For Socket Mode, without a public address.")
def manifest(url: str | None, *, socket: bool) -> None:
    """Print the app manifest to paste at api.slack.com/apps."""
    if bool(url) == socket:
        raise click.UsageError(_ONE_OF_TWO)
    if url and not url.startswith("https://"):
        raise click.UsageError(_HTTPS)
    click.echo(json.dumps(app_manifest(url), indent=2))


cli.add_command(console.build)
cli.add_command(console.archive)


def _settings(*, takes_slack: bool) -> Settings:
    try:
        settings = Settings.load()
        if takes_slack:
            settings.check_delivery()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    set_up_logs(settings.log_level, settings.log_format, settings.secrets())
    return settings


async def _until_stopped(settings: Settings, *, takes_slack: bool, runs_loops: bool) -> int:
    async with running.running(settings, takes_slack=takes_slack, runs_loops=runs_loops):
        await asyncio.Event().wait()
    return 0


async def _migrate(url: str) -> int:
    database = Database(url, answers_within=RELEASE)
    try:
        with told():
            await schema.migrate(database, lambda: click.echo(_WAITS, err=True))
            at = await schema.current(database)
    finally:
        await database.close()
    newer = "" if at == schema.head() else f", newer than this version's {schema.head()}"
    click.echo(f"The database is at head ({at}{newer}).")
    return 0


async def _examine(settings: Settings) -> int:
    findings = []
    async for finding in doctor.examine(settings):
        click.echo(str(finding))
        findings.append(finding)
    return 0 if all(finding.well for finding in findings) else 1


def _run(work: Coroutine[object, object, int]) -> int:
    """Run to the end, or until SIGTERM or Ctrl-C, which end it cleanly."""

    async def stoppable() -> int:
        task = asyncio.ensure_future(work)
        for signum in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signum, task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            return 0

    try:
        return asyncio.run(stoppable())
    except (running.StartError, DatabaseTroubleError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    cli()
