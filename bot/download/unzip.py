"""Unpacking: files and folders only, counted while they are written, nothing left of a refusal."""

import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, LargeZipFile, ZipFile

from bot.download.directory import count_entries
from bot.download.entries import Entry, check_size, judged
from bot.download.errors import Hostile, NotWhole, Unwritable
from bot.download.fetch import Progress, ignore

_PIECE: Final = 2**18


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come out of an archive: bytes, and files and folders."""

    unpacked: int = 4 * 2**30
    entries: int = 1_000_000


def unzip(
    archive: Path, folder: Path, limits: Limits | None = None, told: Progress = ignore
) -> int:
    """Unpack into a folder that does not exist yet, and return how many bytes that were.

    Raises Hostile, NotWhole, Unwritable; then, or when `told` raises, the folder is gone again.
    """
    unpacking = _Unpacking(archive, folder, limits or Limits(), told)
    count_entries(archive, unpacking.limits.entries)
    try:
        folder.mkdir()
    except OSError as error:
        raise Unwritable(error) from error
    try:
        with _told(), ZipFile(archive) as opened:
            unpacking.all(opened)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return unpacking.written


class _Unpacking:
    def __init__(self, archive: Path, folder: Path, limits: Limits, told: Progress) -> None:
        self._folder = folder
        self.limits = limits
        self._told = told
        self._archive_bytes = archive.stat().st_size
        self.written = 0

    def all(self, opened: ZipFile) -> None:
        """Make everything the directory lists, when all of it may be."""
        entries = judged(opened.infolist(), self.limits.unpacked, self._archive_bytes)
        total = sum(entry.source.file_size for entry in entries)
        for entry in entries:
            self._make(opened, entry, total)

    def _make(self, opened: ZipFile, entry: Entry, total: int) -> None:
        place = self._folder.joinpath(*entry.parts)
        if entry.source.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        # "x": nothing that stands there already is written into, or through.
        with opened.open(entry.source) as source, place.open("xb") as file:
            while piece := source.read(_PIECE):
                self.written += len(piece)
                check_size(self.written, self.limits.unpacked, self._archive_bytes)
                file.write(piece)
                self._told(self.written, total)


@contextmanager
def _told() -> Iterator[None]:
    """Raise what zipfile and the disk raise as errors of this room."""
    try:
        yield
    except (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError) as error:
        damaged = "The zip is damaged: what it holds is not what its directory says."
        raise NotWhole(damaged) from error
    except MemoryError as error:
        many = "it has more entries than fit into memory here"
        raise Hostile(many) from error
    except OSError as error:
        raise Unwritable(error) from error
