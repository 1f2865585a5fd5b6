"""Carrying out one command: the wish read, the job followed, its files fetched."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.builds.job import Job, JobKind, JobState
from bot.builds.request import BuildRequest
from bot.builds.saying import duration
from bot.builds.usage import MisuseError
from bot.console import ending as endings
from bot.console.asked import requested, shell_line
from bot.console.ending import EndError, Ending, Exit
from bot.console.fetching import unpacked, zips
from bot.console.files import branch_of
from bot.console.follow import followed
from bot.console.progress import Progress, title
from bot.console.rooms import furnished, shares
from bot.download import Limits, unfit
from bot.movers import Movers
from bot.settings import BuildSettings
from bot.store import Store
from bot.store.trouble import DatabaseTroubleError, told
from bot.workers.loop import utc_now

_NO_NAMES = "Short names are kept in the bot's database: set DATABASE_URL, or give the id."
_NO_OTHERS = Limits()


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for."""

    kind: JobKind
    words: tuple[str, ...]
    out: Path
    every_branch: bool = False
    unzips: bool = False
    limits: Limits = _NO_OTHERS

    @property
    def command(self) -> str:
        """Write the beginning of a line that asks for the like."""
        return f"python -m bot {self.kind}"


async def carry_out(settings: BuildSettings, wish: Wish, progress: Progress) -> Ending:
    """Do what is asked, and say how it ended."""
    if why := _unfit(wish):
        return Ending(Exit.USAGE, (f"{wish.out} {why}: choose another folder.",))
    try:
        with told():
            ending, ready = await _built(settings, wish, progress)
    except EndError as error:
        return error.ending
    except DatabaseTroubleError as error:
        return Ending(Exit.OUT_OF_REACH, (str(error),))
    if not ready:
        return ending
    if wish.unzips:
        return await unpacked(ending, ready[0], wish.out, wish.limits, progress)
    return await zips(ending, ready, wish.out, progress)


async def _built(
    settings: BuildSettings, wish: Wish, progress: Progress
) -> tuple[Ending, Sequence[Job]]:
    async with furnished(settings) as movers:
        request = await _requested(movers, wish, shared=shares(settings))
        job = await followed(movers, request, wish.kind, progress, utc_now)
        ready, failed = await _parts(movers.store, job)
    ending = endings.of(job)
    if job.state is JobState.READY:
        progress.note(
            f"{title(job)}: ready" + (f" in {duration(job.took)}" if job.took is not None else "")
        )
    quoted = tuple(f"{branch_of(each)}: {words}" for each in failed for words in _words(each))
    return replace(ending, quoted=(*ending.quoted, *quoted)), ready


def _words(job: Job) -> tuple[str, ...]:
    ending = endings.of(job)
    return (*ending.quoted, *ending.said)


async def _parts(store: Store, job: Job) -> tuple[Sequence[Job], Sequence[Job]]:
    """Of several archives tell those that are ready from the others."""
    parts = await store.families.children(job) or (job,)
    ready = [each for each in parts if each.state is JobState.READY]
    return ready, [each for each in parts if each not in ready and each is not job]


async def _requested(movers: Movers, wish: Wish, *, shared: bool) -> BuildRequest:
    known = await movers.store.projects.known(utc_now())
    try:
        return requested(wish.kind, wish.words, known, every_branch=wish.every_branch)
    except MisuseError as misuse:
        error = misuse.error
    said = [error.problem]
    if not shared and "short name" in error.problem:
        said.append(_NO_NAMES)
    hints = [f"{wish.command} {shell_line(error.hint)}"] if error.hint else []
    raise EndError(Ending(Exit.USAGE, tuple(said), hints=tuple(hints)))


def _unfit(wish: Wish) -> str | None:
    if wish.unzips:
        return unfit(wish.out)
    return "is no folder" if wish.out.exists() and not wish.out.is_dir() else None
