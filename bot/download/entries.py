"""What a zip may hold: every entry judged by the directory before anything is written; no I/O."""

import re
import stat
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from bot.download.errors import Hostile

_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_DRIVE: Final = re.compile(r"[A-Za-z]:")
# Deflate makes at most 1,032 bytes of one; whole builds stay far below a hundred.
_MOST_OF_ONE: Final = 100
_TOO_SMALL_TO_MATTER: Final = 2**20
_LONGEST_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder to make, by the parts of its path below the target."""

    source: ZipInfo
    parts: tuple[str, ...]


def judged(infos: Iterable[ZipInfo], most_bytes: int, archive_bytes: int) -> list[Entry]:
    """Return the entries in their order, or raise Hostile for the first that must not be."""
    entries: list[Entry] = []
    claimed = 0
    names = _Names()
    for info in infos:
        entry = Entry(info, _parts(info))
        _check_kind(info)
        names.add(entry.parts, info.is_dir(), info.filename)
        claimed += info.file_size
        check_size(claimed, most_bytes, archive_bytes)
        entries.append(entry)
    return entries


def check_size(unpacked: int, most_bytes: int, archive_bytes: int) -> None:
    """Raise Hostile when that many bytes are too many, or too many for the archive's own size."""
    if unpacked > most_bytes:
        large = f"it unpacks to more than {most_bytes:,} bytes"
        raise Hostile(large)
    if unpacked > max(_TOO_SMALL_TO_MATTER, _MOST_OF_ONE * archive_bytes):
        bomb = f"it unpacks to more than {_MOST_OF_ONE} times its size, as only bombs do"
        raise Hostile(bomb)


def _parts(info: ZipInfo) -> tuple[str, ...]:
    # zipfile cuts a name at its first NUL; what was written is in the other.
    name = info.orig_filename
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in name):
        raise _hostile(name, "has characters that no file name has")
    if name.startswith("/") or _DRIVE.match(name) or "\\" in name:
        raise _hostile(name, "is not a path below the folder")
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    if ".." in parts or not parts:
        raise _hostile(name, "is not a path below the folder")
    return parts


def _check_kind(info: ZipInfo) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise _hostile(info.filename, "is encrypted")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise _hostile(info.filename, "is packed in a way that builds are not")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise _hostile(info.filename, "is a link")
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _hostile(info.filename, "is neither a file nor a folder")


class _Names:
    """Paths as a file system sees them that tells neither case nor forms of accents apart."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: dict[str, str] = {}
        self._listed: set[str] = set()

    def add(self, parts: tuple[str, ...], is_folder: bool, name: str) -> None:  # noqa: FBT001 - a fact of the entry
        """Take a path in, or raise Hostile when it is there already."""
        *above, _ = parts
        for length in range(1, len(above) + 1 + is_folder):
            self._pass_through("/".join(parts[:length]), name)
        path = _folded("/".join(parts))
        if path in self._listed or path in (self._files if is_folder else self._folders):
            raise _hostile(name, "is in it twice")
        self._listed.add(path)
        if not is_folder:
            self._files.add(path)

    def _pass_through(self, folder: str, name: str) -> None:
        folded = _folded(folder)
        if folded in self._files or self._folders.setdefault(folded, folder) != folder:
            raise _hostile(name, "is in it twice")


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _hostile(name: str, why: str) -> Hostile:
    return Hostile(f"{_shown(name)} {why}")


def _shown(name: str) -> str:
    visible = "".join(char if char.isprintable() else "�" for char in name)
    short = visible if len(visible) <= _LONGEST_SHOWN else f"{visible[: _LONGEST_SHOWN - 1]}…"
    return f"“{short}”"
