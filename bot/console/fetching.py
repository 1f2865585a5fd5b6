"""Fetching what is ready: the zip into a folder, or what is in it in place of one."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import aiohttp

from bot.builds.job import Job
from bot.builds.outcome import Ready
from bot.console.ending import Ending, Exit, Saved
from bot.console.files import branch_of, file_name
from bot.console.progress import Progress
from bot.download import (
    DownloadError,
    Hostile,
    Limits,
    beside,
    fetched,
    replace_folder,
    save,
    temporary,
    unzip,
)

T = TypeVar("T")


class _StoppedError(Exception):
    """Someone does not want to wait for the end of an archive."""


async def zips(ending: Ending, ready: Sequence[Job], out: Path, progress: Progress) -> Ending:
    """Download each zip into a folder; what one link does not give keeps nobody from the others."""
    named = len(ready) > 1 or ending.job not in ready
    for job in ready:
        target = out / file_name(job)
        branch = branch_of(job) if named else None
        deed = f"downloading {target.name}"
        try:
            async with _session() as session:
                size = await save(session, _link(job), target, _moving(progress, deed))
        except DownloadError as error:
            ending = _spoilt(ending, error, f"{target.name}: ")
        else:
            ending = replace(ending, saved=(*ending.saved, Saved(target, size, branch)))
    return ending


async def unpacked(
    ending: Ending, job: Job, out: Path, limits: Limits, progress: Progress
) -> Ending:
    """Download the zip of a job and put what is in it in the place of a folder."""
    target = await asyncio.to_thread(out.resolve)
    try:
        with temporary(target) as (place, file):
            async with _session() as session:
                moving = _moving(progress, f"downloading {file_name(job)}")
                await fetched(session, _link(job), place, file, moving)
            size = await _unpacked(place, target, limits, progress)
    except DownloadError as error:
        return _spoilt(ending, error)
    return replace(ending, saved=(Saved(out, size),))


async def _unpacked(place: Path, target: Path, limits: Limits, progress: Progress) -> int:
    stop, new = threading.Event(), beside(target, "new")
    moving = _moving(progress, f"unpacking into {target.name}")

    def told(done: int, total: int | None) -> None:
        if stop.is_set():
            raise _StoppedError
        moving(done, total)

    def deed() -> int:
        size = unzip(place, new, limits, told)
        if stop.is_set():
            raise _StoppedError
        replace_folder(new, target)
        return size

    return await _in_thread(deed, stop)


async def _in_thread(deed: Callable[[], T], stop: threading.Event) -> T:
    """Carry out what takes long; when cancelled, return after it has tidied up."""
    task = asyncio.ensure_future(asyncio.to_thread(deed))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()
        raise


def _moving(progress: Progress, deed: str) -> Callable[[int, int | None], None]:
    return lambda done, total: progress.moves(deed, done, total)


def _session() -> aiohttp.ClientSession:
    # A zip is kept as it comes; and no cookie of one host goes to the next.
    return aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar())


def _link(job: Job) -> str:
    if not isinstance(job.outcome, Ready):
        raise TypeError(job.state)
    return job.outcome.url


def _spoilt(ending: Ending, error: DownloadError, about: str = "") -> Ending:
    code = Exit.FAILED if isinstance(error, Hostile) else Exit.OUT_OF_REACH
    # The first thing that went wrong says how it ended.
    code = ending.exit if ending.exit is not Exit.READY else code
    return replace(ending, exit=code, said=(*ending.said, f"{about}{error.sentence}"))
