"""Hints: what is known to help against an error of PlayCanvas's."""

from collections.abc import Sequence

_HINTS = (
    (
        "could not export",
        "A script could not be bundled: look for `.mjs` imports of files that are not there.",
    ),
    (
        "cannot find module",
        "A script imports a file that is not in the project: check its path and its spelling.",
    ),
    (
        "invalid plan",
        "The plan of the account behind the bot’s token does not include this: ask an admin.",
    ),
)


def hint(messages: Sequence[str]) -> str | None:
    """Find the first hint that fits what the server said."""
    said = " ".join(messages).casefold()
    return next((advice for words, advice in _HINTS if words in said), None)
