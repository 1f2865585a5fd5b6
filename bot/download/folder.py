"""Putting an unpacked build where the last one stands: the old is kept until the new one stands."""

import ctypes
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from bot.download.errors import Unwritable

# AT_FDCWD, RENAME_EXCHANGE
_HERE: Final = -100
_EXCHANGE: Final = 2


def unfit(target: Path) -> str | None:
    """Say why a folder must not be replaced as a whole; None when it may be."""
    place, here = target.resolve(), Path.cwd()
    if place == here or place in here.parents:
        return "is the folder you are in, or around it"
    if place == Path.home() or place in Path.home().parents:
        return "is your home, or around it"
    if place.exists() and not place.is_dir():
        return "is no folder"
    if place.is_mount():
        return "is a disk of its own"
    if (place / ".git").exists():
        return "is a working copy of git"
    return None


def beside(target: Path, ending: str) -> Path:
    """Name something that does not exist yet, hidden, on the same disk as its target."""
    return target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.{ending}")


def replace_folder(new: Path, target: Path) -> None:
    """Put a folder in the place of another, or of none; raises Unwritable, then the old stands."""
    place = target.resolve()
    try:
        if not place.exists():
            new.rename(place)
            return
        old = new if _exchanged(new, place) else _moved_aside(new, place)
    except OSError as error:
        raise Unwritable(error) from error
    shutil.rmtree(old, ignore_errors=True)


def _exchanged(new: Path, place: Path) -> bool:
    """Swap two folders in one rename, where system and disk can; nobody sees a time without any.

    https://man7.org/linux/man-pages/man2/renameat2.2.html
    """
    try:
        swap = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    swap.argtypes = (ctypes.c_int, ctypes.c_char_p) * 2 + (ctypes.c_uint,)
    return bool(swap(_HERE, os.fsencode(new), _HERE, os.fsencode(place), _EXCHANGE) == 0)


def _moved_aside(new: Path, place: Path) -> Path:
    old = beside(place, "old")
    place.rename(old)
    try:
        new.rename(place)
    except OSError:
        old.rename(place)
        raise
    return old
