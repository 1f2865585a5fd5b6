"""Short names: which ones a project may be given."""

import re
import unicodedata
from typing import Final

from bot.builds.job import JobState
from bot.builds.names import fold
from bot.builds.usage import clip

LONGEST: Final = 40
_MARKS: Final = frozenset("-_.")
_COMMANDS: Final = "add all archive branches build builds help list projects rebuild remove scenes"
_FILTERS: Final = "cancel details download latest me mine post retry set show start stop watch"
RESERVED: Final = frozenset([*_COMMANDS.split(), *_FILTERS.split(), *JobState])
"""Words that mean something else where a project's name may stand."""


def wrong_with(name: str) -> str | None:
    """Say in a sentence why a short name will not do; None when it will."""
    if len(name) > LONGEST:
        return f"A short name has at most {LONGEST} characters; this one has {len(name)}."
    if not all(map(_fits, name)) or not name[:1].isalnum():
        return (
            f"“{clip(name)}” is no short name: it is one word of letters, digits, “-”, “_” and"
            " “.”, and begins with a letter or a digit."
        )
    if not any(map(str.isalpha, name)):
        return f"“{name}” reads like an id: a short name has a letter in it."
    if fold(name) in RESERVED:
        return f"“{name}” is a word of the bot's own commands. Choose another short name."
    return None


def made_of(text: str) -> str | None:
    """Make a short name of what was typed instead of one; None when nothing comes of it."""
    kept = "".join(char if _fits(char) else " " for char in text.casefold())
    name = re.sub(r"[-\s]+", "-", kept).strip("-_.")[:LONGEST].strip("-_.")
    return None if wrong_with(name) else name


def _fits(char: str) -> bool:
    return char in _MARKS or unicodedata.category(char)[0] in "LMN"
