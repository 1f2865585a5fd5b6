"""The words people say a timetable with: weekdays 08:00 Europe/Madrid."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cronsim import CronSim, CronSimError

from bot.builds.timetable_phrases import DAY
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word

SCHEDULE_EXAMPLE: Final = 'schedule 543988 "Level 3" weekdays 08:00 Europe/Madrid'
"""A line that always works as an example of what follows `/builds`."""

_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMED: Final = {
    "daily": "*",
    **dict.fromkeys(("weekdays", "weekday"), "1-5"),
    **dict.fromkeys(("weekends", "weekend"), "0,6"),
}
HOURLY: Final = "hourly"
"""Every hour that passes, wherever the clocks are."""
_LIST: Final = re.compile(rf"{DAY}(-{DAY})?(,{DAY}(-{DAY})?)*")
_TIME: Final = re.compile(r"([0-9]{1,2})(?:[:.h：]([0-9]{2})|h)?(am|pm)?")
_CALLED: Final = {"noon": "12:00", "midnight": "00:00"}
_DASH: Final = str.maketrans("–—", "--")
_CRON: Final = re.compile(r"[0-9*/,\-]+(\s+[0-9A-Za-z*/,#\-]+){4}")


@dataclass(frozen=True, slots=True)
class When:
    """A cron expression, and the words for it that a list shows."""

    cron: str
    said: str


def begins(word: Word) -> bool:
    """Say whether a timetable begins with a word; names that look like one need quotes."""
    if word.key is not None:
        return False
    if word.quoted:
        return bool(_CRON.fullmatch(word.text.strip().translate(_DASH)))
    text = word.text.casefold()
    return text in _NAMED or text == HOURLY or _days(text) is not None


def read(words: Sequence[Word]) -> tuple[When, Sequence[Word]]:
    """Read a timetable and say which words follow it, or raise MisuseError."""
    first = words[0]
    if first.quoted:
        return _expression(" ".join(first.text.translate(_DASH).split())), words[1:]
    text = first.text.casefold()
    if text == HOURLY:
        return When("0 * * * *", HOURLY), words[1:]
    hour, minute = _time(words[1].text if len(words) > 1 else "", text)
    days = _NAMED.get(text) or _days(text)
    return When(f"{minute} {hour} * * {days}", f"{text} {hour:02}:{minute:02}"), words[2:]


def _days(text: str) -> str | None:
    """Turn mon,thu or mon-fri into cron's numbers; None when these are no days."""
    if not _LIST.fullmatch(text):
        return None
    numbers: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = _number(first), _number(last or first)
        # Over the week's end: fri-mon.
        numbers |= {day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1)}
    return ",".join(map(str, sorted(numbers)))


def _number(day: str) -> int:
    return _DAYS.index(day[:3])


def is_time(text: str) -> bool:
    """Say whether a word is meant as a time of day."""
    return bool(_TIME.fullmatch(text.casefold())) or text.casefold() in _CALLED


def _time(text: str, days: str) -> tuple[int, int]:
    """Read 08:00, 8.30, 8h30, 8am, 8:30pm or noon."""
    found = _TIME.fullmatch(_CALLED.get(text.casefold(), text.casefold()))
    half = found[3] if found else None
    if found is None or text.isdecimal():
        problem = f"At what time? Say it after {days}, like 08:00 or 8am."
        raise MisuseError(problem, SCHEDULE_EXAMPLE)
    hour, minute = int(found[1]), int(found[2] or 0)
    if minute > 59 or hour > (12 if half else 23) or (half and not hour):  # noqa: PLR2004 - a clock
        problem = f"“{clip(text)}” is no time of day. They look like 08:00 or 23:30."
        raise MisuseError(problem, SCHEDULE_EXAMPLE)
    return (hour % 12 + (12 if half == "pm" else 0) if half else hour), minute


def _expression(cron: str) -> When:
    try:
        CronSim(cron, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        field = str(error).removeprefix("Bad ")
        problem = f"“{clip(cron)}” never comes, or its {field} is wrong."
        raise MisuseError(problem, 'schedule 543988 "Level 3" "30 7 * * 1-5"') from error
    return When(cron, f"“{cron}”")
