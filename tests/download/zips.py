"""Zips for the tests, honest and hostile ones."""

import stat
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def packed(path: Path, entries: Iterable[tuple[ZipInfo | str, bytes]]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return path


def of_kind(name: str, kind: int) -> ZipInfo:
    entry = ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    return entry


def link(name: str) -> ZipInfo:
    return of_kind(name, stat.S_IFLNK)


def patched(path: Path, at_entry: int, value: bytes) -> Path:
    """Overwrite bytes in the first entry of the directory."""
    content = bytearray(path.read_bytes())
    start = content.index(b"PK\1\2") + at_entry
    content[start : start + len(value)] = value
    path.write_bytes(content)
    return path
