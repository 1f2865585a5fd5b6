"""Saying: lengths of time and places in line, in the same words everywhere."""

from datetime import timedelta

from bot.builds.usual import Usual

_MINUTE = 60
_HOUR = 3600


def duration(length: timedelta) -> str:
    """Say a length of time: 22s, 1m 04s, 2h 05m."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m {seconds % _MINUTE:02}s"
    return f"{seconds // _HOUR}h {seconds % _HOUR // _MINUTE:02}m"


def usually(usual: Usual) -> str:
    """Say the middle half of what it has taken: usually 40–70 s."""
    low, high = (round(each.total_seconds()) for each in (usual.low, usual.high))
    if low == high:
        return f"usually {duration(usual.low)}"
    if high < 2 * _MINUTE:
        return f"usually {low}–{high} s"
    return f"usually {duration(usual.low)}–{duration(usual.high)}"


def age(length: timedelta) -> str:
    """Say an age so that it compares with the usual: 40 s, 2m 15s."""
    seconds = round(length.total_seconds())
    return f"{seconds} s" if seconds < 2 * _MINUTE else duration(length)


def ordinal(number: int) -> str:
    """Say 1st, 2nd, 3rd, 4th, 11th, 21st."""
    teens = {11, 12, 13}
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in teens else ending}"
