"""What someone typed after `/builds schedule`: what to build, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.builds import timetable_words
from bot.builds.options import is_option
from bot.builds.projects import Known
from bot.builds.request import BuildRequest, read_request
from bot.builds.timetable_words import SCHEDULE_EXAMPLE, When
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word

_IF_CHANGED: Final = frozenset({"if-changed", "--if-changed", "—if-changed", "–if-changed"})


@dataclass(frozen=True, slots=True)
class ScheduleWanted:
    """A build again and again; without a zone by the clocks of the one who asks.

    `if_changed`: only when there is something new on its branch.
    """

    request: BuildRequest
    when: When
    zone: str | None = None
    if_changed: bool = False


@dataclass(frozen=True, slots=True)
class ListSchedules:
    """The schedules of this channel."""


def read_schedule(words: Sequence[Word], known: Known) -> ScheduleWanted:
    """Read the words after `schedule`, or raise MisuseError."""
    if_changed = any(_is_if_changed(word) for word in words)
    options = [word for word in words if is_option(word) and not _is_if_changed(word)]
    plain = [word for word in words if not is_option(word) and not _is_if_changed(word)]
    start = next((at for at, word in enumerate(plain) if at and timetable_words.begins(word)), None)
    if start is None:
        problem = (
            "When? Say it after the scenes: daily 23:30, weekdays 08:00, mon,thu 09:00, hourly."
        )
        raise MisuseError(problem, SCHEDULE_EXAMPLE)
    when, rest = timetable_words.read(plain[start:])
    zone = _zone(rest)
    try:
        request = read_request([*plain[:start], *options], known)
    except MisuseError as misuse:
        raise MisuseError(misuse.error.problem, SCHEDULE_EXAMPLE) from misuse
    return ScheduleWanted(request, when, zone, if_changed)


def _is_if_changed(word: Word) -> bool:
    return not word.quoted and word.key is None and word.text.casefold() in _IF_CHANGED


def _zone(rest: Sequence[Word]) -> str | None:
    """Read what follows the time: a zone, or nothing."""
    if not rest:
        return None
    if len(rest) == 1 and (zone := timetable_words.zone_of(rest[0].text)):
        return zone
    problem = f"“{clip(str(rest[-1]))}” is no time zone. They look like Europe/Madrid."
    raise MisuseError(problem, SCHEDULE_EXAMPLE)
