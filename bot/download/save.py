"""Saving: the file appears under its name when it is whole, and not before."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import aiohttp

from bot.download.directory import count_entries
from bot.download.errors import Unwritable
from bot.download.fetch import Progress, fetch, ignore
from bot.download.folder import beside


async def save(
    session: aiohttp.ClientSession, url: str, target: Path, told: Progress = ignore
) -> int:
    """Download a zip and put it in its place, and return its size.

    Raises LinkRefused, NotWhole, Unwritable; then nothing of it is left.
    """
    with temporary(target) as (place, file):
        size = await fetched(session, url, place, file, told)
        try:
            place.replace(target)
        except OSError as error:
            raise Unwritable(error) from error
    return size


async def fetched(
    session: aiohttp.ClientSession, url: str, place: Path, file: BinaryIO, told: Progress
) -> int:
    """Download a zip into a temporary file, down to the disk, and see that it can be read."""
    size = await fetch(session, url, file, told)
    await asyncio.to_thread(_finish, file)
    await asyncio.to_thread(count_entries, place)
    return size


@contextmanager
def temporary(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a hidden file beside a target; it is gone in the end, unless it was renamed."""
    place = beside(target, "part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        file = place.open("xb")
    except OSError as error:
        raise Unwritable(error) from error
    try:
        with file:
            yield place, file
    finally:
        place.unlink(missing_ok=True)


def _finish(file: BinaryIO) -> None:
    try:
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        raise Unwritable(error) from error
