"""What commands that begin with a verb have in common: their words, the verb, a wish for help."""

import re
from collections.abc import Sequence
from typing import Final

from bot.builds.usage import MisuseError, UsageError
from bot.builds.words import Word, split

HELP: Final = frozenset({"help", "--help", "—help", "-h", "?"})
_MENTION: Final = re.compile(r"<[@#!]")


def plain_words(text: str, mentioned: UsageError, hint: str) -> tuple[Word, ...]:
    """Split a line in which nobody can be mentioned, or raise MisuseError with a line to paste."""
    if _MENTION.search(text):
        raise MisuseError(mentioned.problem, mentioned.hint)
    try:
        return split(text)
    except MisuseError as misuse:
        # The line it offers would be one of /build.
        raise MisuseError(misuse.error.problem, hint) from misuse


def verb_of(words: Sequence[Word]) -> str:
    """Read the verb that a line begins with; what is quoted or has a key is none."""
    first = next(iter(words), Word(""))
    return "" if first.quoted or first.key is not None else first.text.casefold()
