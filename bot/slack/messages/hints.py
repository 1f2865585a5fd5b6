"""Hints: what is known to help against an error of PlayCanvas's."""

from collections.abc import Sequence

_HINTS = (
    (
        ("could not export",),
        "A script could not be bundled: look for `.mjs` imports of files that are not there.",
    ),
    (
        ("cannot find module", "module not found", "missing module", "could not resolve"),
        "A script imports a file that is not in the project: check its path and its spelling.",
    ),
    (
        ("invalid plan",),
        "The plan of the account behind the bot’s token does not include this: ask an admin.",
    ),
)


def hint(messages: Sequence[str]) -> str | None:
    """Find the first hint that fits what the server said."""
    said = " ".join(messages).casefold()
    fitting = (advice for words, advice in _HINTS if any(each in said for each in words))
    return next(fitting, None)
