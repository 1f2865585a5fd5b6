"""The two commands, as click reads them: build and archive."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from bot.builds.job import JobKind
from bot.console.bar import Bar
from bot.console.carry_out import Wish, carry_out
from bot.console.ending import Ending, Exit
from bot.console.plain import Lines
from bot.console.progress import Progress, line
from bot.console.sizes import read_size, shown
from bot.download import Limits
from bot.settings import BuildSettings, SettingsError
from bot.telemetry import set_up_logs

_INTERRUPTED = Ending(Exit.INTERRUPTED, ("Interrupted.",))
_out = click.option(
    "--out",
    default=".",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder for what is downloaded.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="End with one JSON object.")


@click.command()
@click.argument("words", nargs=-1, required=True, metavar='PROJECT "SCENE"… [KEY=VALUE]…')
@_out
@click.option("--unzip", is_flag=True, help="Unpack it, in place of the whole folder.")
@click.option(
    "--max-unpacked",
    default="4GiB",
    show_default=True,
    callback=read_size,
    help="How much may come out of the zip.",
)
@_as_json
def build(
    words: tuple[str, ...], out: Path, max_unpacked: int, *, unzip: bool, as_json: bool
) -> None:
    """Build scenes and download the zip, without Slack."""
    limits = Limits(max_unpacked)
    wish = Wish(JobKind.BUILD, words, out, unzips=unzip, limits=limits)
    _end(_carried_out(wish), as_json=as_json)


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="PROJECT [branch=NAME]")
@_out
@click.option("--all-branches", is_flag=True, help="One zip of each open branch.")
@_as_json
def archive(words: tuple[str, ...], out: Path, *, all_branches: bool, as_json: bool) -> None:
    """Make a zip of a whole branch and download it, without Slack."""
    wish = Wish(JobKind.ARCHIVE, words, out, every_branch=all_branches)
    _end(_carried_out(wish), as_json=as_json)


def _carried_out(wish: Wish) -> Ending:
    try:
        settings = BuildSettings.for_builds()
    except SettingsError as error:
        return Ending(Exit.USAGE, (str(error),))
    # The progress says what people must know; what else is logged is for who asks for it.
    level = settings.log_level if "log_level" in settings.model_fields_set else "ERROR"
    set_up_logs(level, settings.log_format, settings.secrets())
    progress: Progress = Bar() if sys.stderr.isatty() else Lines()
    try:
        return asyncio.run(_stoppable(settings, wish, progress))
    finally:
        progress.close()


async def _stoppable(settings: BuildSettings, wish: Wish, progress: Progress) -> Ending:
    """Carry it out, or tidy up at Ctrl-C or SIGTERM."""
    task = asyncio.ensure_future(carry_out(settings, wish, progress))
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return _INTERRUPTED


def _end(ending: Ending, *, as_json: bool) -> NoReturn:
    """Say how it ended: to people on standard error, to programs on standard output."""
    for said in ending.quoted:
        # Behind our words, no line of a server's is a command to a build server.
        for each in said.splitlines():
            click.echo(f"PlayCanvas said: {line(each)}", err=True)
    for said in ending.said:
        click.echo("\n".join(map(line, said.splitlines())), err=True)
    for hint in ending.hints:
        click.echo(f"  {hint}", err=True)
    for saved in ending.saved:
        click.echo(f"{saved.path}: {shown(saved.size)}", err=True)
        if not as_json:
            click.echo(saved.path)
    if as_json:
        # In ASCII: whatever the locale of a build server, it can be printed.
        click.echo(json.dumps(ending.to_json()))
    sys.exit(ending.exit)
