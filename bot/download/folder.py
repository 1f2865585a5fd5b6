"""Putting an unpacked build where the last one stands: the old is kept until the new one stands."""

import secrets
import shutil
from pathlib import Path

from bot.download.errors import Unwritable


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
    old = beside(place, "old")
    try:
        if not place.exists():
            new.rename(place)
            return
        place.rename(old)
        try:
            new.rename(place)
        except OSError:
            old.rename(place)
            raise
    except OSError as error:
        raise Unwritable(error) from error
    shutil.rmtree(old, ignore_errors=True)
