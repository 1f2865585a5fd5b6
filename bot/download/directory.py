"""A zip's directory, looked at before anyone reads it whole: a million entries take a gigabyte."""

import struct
from pathlib import Path
from typing import BinaryIO, Final

from bot.download.errors import Hostile, NotWhole

_NO_ZIP: Final = "What came is no zip, or a damaged one."
# https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 to 4.3.16
_ENTRY, _ENTRY_SIZE = b"PK\1\2", 46
_LENGTHS: Final = struct.Struct("<3H")
_LENGTHS_AT: Final = 28
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\5\6", 22, 2**16 - 1
_LOCATOR, _LOCATOR_SIZE = b"PK\6\7", 20
_END_64, _END_64_SIZE = b"PK\6\6", 56


def count_entries(path: Path, most: int | None = None) -> int:
    """Count the entries of a zip as zipfile will read them, whatever number its end claims.

    Raises NotWhole when there is no directory to read, Hostile when there are more than `most`.
    """
    with path.open("rb") as file:
        start, end = _place(file)
        file.seek(start)
        count = 0
        while file.tell() < end:
            head = file.read(_ENTRY_SIZE)
            if len(head) < _ENTRY_SIZE or not head.startswith(_ENTRY):
                raise NotWhole(_NO_ZIP)
            file.seek(sum(_LENGTHS.unpack_from(head, _LENGTHS_AT)), 1)
            count += 1
            if most is not None and count > most:
                crowded = f"it has more than {most:,} entries"
                raise Hostile(crowded)
    return count


def _place(file: BinaryIO) -> tuple[int, int]:
    """Find where the directory begins and ends."""
    size = file.seek(0, 2)
    tail_at = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(tail_at)
    tail = file.read()
    found = tail.rfind(_END)
    if found < 0 or len(tail) - found < _END_SIZE:
        raise NotWhole(_NO_ZIP)
    (length,) = struct.unpack_from("<L", tail, found + 12)
    end = tail_at + found
    large = _large(file, end)
    if large is not None:
        length, end = large
    if length > end:
        raise NotWhole(_NO_ZIP)
    return end - length, end


def _large(file: BinaryIO, end: int) -> tuple[int, int] | None:
    """Read the end of a directory that needs 64 bits, where there is one."""
    at = end - _LOCATOR_SIZE - _END_64_SIZE
    if at < 0:
        return None
    file.seek(at)
    head, locator = file.read(_END_64_SIZE), file.read(_LOCATOR_SIZE)
    if not (locator.startswith(_LOCATOR) and head.startswith(_END_64)):
        return None
    (length,) = struct.unpack_from("<Q", head, 40)
    return length, at
