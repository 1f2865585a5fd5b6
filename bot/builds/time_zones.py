"""Time zones as people name them: Europe/Madrid in any case, Madrid, CET."""

import re
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from bot.builds.names import nearest
from bot.builds.usage import MisuseError, clip

_PLACES: Final = re.compile(
    r"(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/(.+/)?(?P<city>.+)"
)
# Of the machine that the bot runs on, or of nowhere.
_NO_PLACES: Final = frozenset({"Factory", "localtime"})
_OFFSET: Final = re.compile(r"(utc|gmt)?[+-][0-9:.]+", re.IGNORECASE)


def zone_of(text: str, example: str) -> str:
    """Find a time zone's name as the IANA writes it, or raise MisuseError."""
    wanted = text.strip("()").casefold()
    found = _zones().get(wanted) or _cities().get(wanted, ())
    if len(found) == 1:
        return found[0]
    problem = f"“{clip(text)}” is no time zone that I know.{_instead(text, found)}"
    raise MisuseError(problem, example)


def _instead(text: str, found: tuple[str, ...]) -> str:
    if _OFFSET.fullmatch(text):
        return " An offset knows no summer time; say a city’s, like Europe/Madrid."
    names = sorted(each for (each,) in _zones().values())
    alike = found or (nearest(text, names, most=2) if "/" in text else ())
    if alike:
        return f" Did you mean {' or '.join(alike)}?"
    return " They look like Europe/Madrid."


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    return {name.casefold(): (name,) for name in available_timezones() - _NO_PLACES}


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    cities: dict[str, tuple[str, ...]] = {}
    for name in sorted(available_timezones()):
        if place := _PLACES.fullmatch(name):
            city = place["city"].casefold()
            cities[city] = (*cities.get(city, ()), name)
    return cities
