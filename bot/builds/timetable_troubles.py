"""What is wrong where no timetable can be found, and the line that was probably meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.builds.names import nearest
from bot.builds.timetable_phrases import plainly
from bot.builds.timetable_words import begins
from bot.builds.usage import clip
from bot.builds.words import Word

_KINDS: Final = "daily 23:30, weekdays 08:00, mon,thu 09:00, hourly"
_NAMES: Final = (
    *("daily", "weekdays", "weekends", "hourly"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_VAGUE: Final = frozenset({"nightly", "weekly", "monthly", "every", "at", "on", "once", "tomorrow"})
_ALIKE: Final = 0.7
_FIELD: Final = re.compile(r"[0-9*?][0-9A-Za-z*/,#?–-]*|[A-Za-z]{3}([,–-][A-Za-z]{3})*|@[a-z]+")
_TIME: Final = re.compile(r"[0-9]{1,2}([:.][0-9]{2})?([ap]m)?")
_FIELDS: Final = 5
_STEPS: Final = {"min": "*/{} * * * *", "hou": "0 */{} * * *"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What to say, and the words that may have been meant instead."""

    problem: str
    meant: Sequence[Word] = ()


def no_timetable(words: Sequence[Word]) -> Trouble:
    """Explain words that say what to build, but not when."""
    for look in (_quoted, _unquoted, _steps, _days):
        for at in range(1, len(words)):
            if trouble := look(words, at):
                return trouble
    return Trouble(f"When? Say it after the scenes: {_KINDS}.")


def _quoted(words: Sequence[Word], at: int) -> Trouble | None:
    word = words[at]
    fields = word.text.split()
    if not word.quoted or not fields or (at == 1 and len(words) == 2):  # noqa: PLR2004 - a scene
        return None
    inside = plainly([Word(each) for each in fields])
    if len(inside) > 1 and begins(inside[0]):
        meant = [*words[:at], *inside, *words[at + 1 :]]
        return Trouble("Leave out the quotes: only names and cron have them.", meant)
    if not all(map(_FIELD.fullmatch, fields)) or fields[0][0] not in "0123456789*?@":
        return None
    if len(fields) < 3 and fields[0][0] != "@":  # noqa: PLR2004 - may well be a name
        return None
    problem = f"“{clip(word.text)}” is no cron: five fields, minute hour day month weekday."
    return Trouble(problem)


def _unquoted(words: Sequence[Word], at: int) -> Trouble | None:
    fields = words[at : at + _FIELDS]
    if len(fields) < _FIELDS or not all(_is_field(word) for word in fields):
        return None
    cron = Word(" ".join(word.text for word in fields), quoted=True)
    return Trouble("Put the five fields of cron in quotes.", [*words[:at], cron, *words[at + 5 :]])


def _is_field(word: Word) -> bool:
    return not word.quoted and word.key is None and bool(_FIELD.fullmatch(word.text))


def _steps(words: Sequence[Word], at: int) -> Trouble | None:
    """Every 2 hours, every 30 minutes, every minute."""
    said = [word.text.casefold() for word in words[at : at + 3]]
    if said[0] != "every" or words[at].quoted or len(said) == 1:
        return None
    many = said[1] if said[1].isdecimal() else "1"
    unit = (said[2] if said[1].isdecimal() and said[2:] else said[1])[:3]
    if unit not in _STEPS:
        return None
    cron = Word(_STEPS[unit].format(many).replace("*/1 ", "* "), quoted=True)
    after = at + (3 if said[1].isdecimal() else 2)
    return Trouble("Say steps in cron.", [*words[:at], cron, *words[after:]])


def _days(words: Sequence[Word], at: int) -> Trouble | None:
    """Find a time of day without days before it."""
    if words[at].quoted or not _TIME.fullmatch(time := words[at].text) or time.isdecimal():
        return None
    before = words[at - 1]
    alike = () if before.quoted else nearest(before.text, _NAMES, most=1, likeness=_ALIKE)
    if alike and at > 1:
        problem = f"“{clip(before.text)}” says no days. Did you mean {alike[0]}?"
        return Trouble(problem, [*words[: at - 1], Word(alike[0]), *words[at:]])
    problem = f"On which days? Say them before {time}: daily, weekdays, mon,thu, mon-fri."
    if before.text.casefold() in _VAGUE and not before.quoted:
        return Trouble(problem, [*words[: at - 1], Word("daily"), *words[at:]])
    # What stands before the time may be the only scene, or one more; or days in another language.
    is_scene = before.quoted or at == 2  # noqa: PLR2004 - after the project
    return Trouble(problem, [*words[:at], Word("daily"), *words[at:]] if is_scene else ())
