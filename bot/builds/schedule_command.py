"""What someone typed after `/builds schedule`: what to build, and when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.builds import timetable_words
from bot.builds.escapes import escape
from bot.builds.options import is_option
from bot.builds.projects import Known
from bot.builds.request import BuildRequest, read_request
from bot.builds.time_zones import zone_of
from bot.builds.timetable_phrases import plainly
from bot.builds.timetable_troubles import Trouble, no_timetable
from bot.builds.timetable_words import SCHEDULE_EXAMPLE, When
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word, split

_IF_CHANGED: Final = re.compile(r"[-–—]*(only[-–—_])?if[-–—_]?changed", re.IGNORECASE)
_LONGEST_HINT: Final = 300
_STEERING: Final = frozenset({"list", "show", "pause", "resume", "run", "delete", "remove", "stop"})


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


def read_schedule(typed: Sequence[Word], known: Known) -> ScheduleWanted:
    """Read the words after `schedule`, or raise MisuseError."""
    words = plainly(typed)
    if_changed = any(_is_if_changed(word) for word in words)
    options = [word for word in words if is_option(word) and not _is_if_changed(word)]
    plain = [word for word in words if not is_option(word) and not _is_if_changed(word)]
    start = next((at for at, word in enumerate(plain) if at and timetable_words.begins(word)), None)
    if start is None:
        raise _no_timetable(plain, [word for word in words if word not in plain], known)
    when, rest = timetable_words.read(plain[start:])
    zone = _zone(rest)
    try:
        request = read_request([*plain[:start], *options], known)
    except MisuseError as misuse:
        raise MisuseError(misuse.error.problem, SCHEDULE_EXAMPLE) from misuse
    return ScheduleWanted(request, when, zone, if_changed)


def _is_if_changed(word: Word) -> bool:
    if word.key is not None:
        return bool(_IF_CHANGED.fullmatch(word.key)) and word.text.casefold() in {"yes", "true"}
    return not word.quoted and bool(_IF_CHANGED.fullmatch(word.text))


def _no_timetable(plain: Sequence[Word], others: Sequence[Word], known: Known) -> MisuseError:
    """Say what is missing, with the line that was meant if it can be told."""
    if plain and plain[0].text.casefold() in _STEERING and not plain[0].quoted:
        return MisuseError("The list of schedules has buttons for that.", "schedules")
    trouble = no_timetable(plain)
    return MisuseError(trouble.problem, _meant(trouble, others, known))


def _meant(trouble: Trouble, others: Sequence[Word], known: Known) -> str:
    meant = [*trouble.meant, *others]
    # What has spaces or was in quotes needs them again; days and times don't.
    shown = (f'"{word.text}"' if word.quoted and word.key is None else str(word) for word in meant)
    line = f"schedule {' '.join(shown)}"
    if not trouble.meant or len(line) > _LONGEST_HINT:
        return SCHEDULE_EXAMPLE
    try:
        read_schedule(split(escape(line))[1:], known)
    except MisuseError:
        return SCHEDULE_EXAMPLE
    return line


def _zone(rest: Sequence[Word]) -> str | None:
    """Read what follows the time: a zone, or nothing."""
    texts = [word.text for word in rest]
    if texts and timetable_words.is_time(texts[-1]):
        problem = (
            f"“{clip(texts[-1])}” is one time too many: make a second schedule, or say it in cron."
        )
        raise MisuseError(problem, 'schedule 543988 "Level 3" "0 8,20 * * *"')
    if texts and texts[0].casefold() == "in":
        del texts[0]
    return zone_of("_".join(texts), SCHEDULE_EXAMPLE) if texts else None
