"""The many ways to say a timetable, brought to one: every Monday at 8 am is monday 8am."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from bot.builds.words import Word

DAY: Final = (
    r"(?:sun(?:day)?|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|sat(?:urday)?)s?"
)
"""The name of one day of the week."""
_DAYS: Final = rf"(?:daily|weekdays?|weekends?|{DAY}(?:[,-]{DAY})*)"
_TIME: Final = r"[0-9]{1,2}(?:[:.][0-9]{2})?"
_PLAINER: Final = tuple(
    (re.compile(rf"(?<!\S){said}", re.IGNORECASE), plain)
    for said, plain in (
        (rf"((?:{DAY}\s*[,-]\s*)*{DAY})(?:\s*[–—-]+\s*|\s+(?:to|till)\s+)(?={DAY}(?!\w))", r"\1-"),
        (rf"((?:{DAY}[,-])*{DAY})(?:\s*[,;/+&]+\s*(?:and\s+)?|\s+and\s+)(?={DAY}(?!\w))", r"\1,"),
        (rf"({_DAYS}),(?!\S)", r"\1"),
        (r"(?:every|each)\s*day(?!\S)", "daily"),
        (r"(?:every|each)\s+hour(?!\S)", "hourly"),
        (rf"(?:every|each|weekly|on)\s+(?:on\s+)?(?={_DAYS}(?!\S))", ""),
        (
            rf"(?:at\s+)?([0-9]{{1,2}}[:.h][0-9]{{2}})\s+({_DAYS})(?!\S)(?!\s+[0-9@]|\s+at\s)",
            r"\2 \1",
        ),
        (rf"({_DAYS})\s+(?:at\s+|@\s*)(?=[0-9nm])", r"\1 "),
        (rf"({_DAYS}\s+{_TIME})\s*([ap])\.?m\.?(?!\S)", r"\1\2m"),
        (r"(?:only\s+)?if\s+changed(?!\S)", "if-changed"),
    )
)


def plainly(words: Sequence[Word]) -> list[Word]:
    """Say the timetable among the words as it is read; names that look like one need quotes."""
    found: list[Word] = []
    for is_plain, some in groupby(words, _is_plain):
        run = list(some)
        found += _said(run) if is_plain else run
    return found


def _is_plain(word: Word) -> bool:
    return word.key is None and not word.quoted and not word.link


def _said(words: list[Word]) -> list[Word]:
    text = before = " ".join(word.text for word in words)
    for said, plain in _PLAINER:
        # A list of days has as many joints as days.
        last = ""
        while last != text:
            last, text = text, said.sub(plain, text)
    return words if text == before else [Word(each) for each in text.split()]
