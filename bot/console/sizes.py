"""Sizes: as people write and read them."""

import re
from typing import Final

import click

_UNITS: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,3})?) ?([kmgt]?)(i?)b?", re.IGNORECASE)


def read_size(_: click.Context, __: click.Parameter, value: str) -> int:
    """Read a number of bytes, such as 500MB, 4GiB or 1000000."""
    found = _SIZE.fullmatch(value.strip())
    if found is None or (found[3] and not found[2]):
        trouble = f"{value!r} is no size; write it as 500MB or 4GiB."
        raise click.BadParameter(trouble)
    unit = _UNITS[found[2].lower()]
    if found[3]:
        unit = 2 ** (10 * list(_UNITS.values()).index(unit))
    return int(float(found[1]) * unit)


def shown(size: int) -> str:
    """Say a size: 812 bytes, 3.4 MB."""
    for unit in ("GB", "MB", "kB"):
        scale = _UNITS[unit[0].lower()]
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} bytes"
