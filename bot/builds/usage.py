"""What is said to someone whose command cannot be understood."""

from dataclasses import dataclass
from typing import Final

EXAMPLE: Final = '543988 "Level 3" branch=main'
"""A line that always works as an example of what follows `/build`."""

_QUOTED_AT_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class UsageError:
    """What was wrong, in whole sentences, and a line to paste after `/build` instead.

    Both are plain text: whoever shows them escapes them.
    """

    problem: str
    hint: str | None = None


class MisuseError(Exception):
    """Carries a UsageError out of the depths of parsing; `parse` returns it as a value."""

    def __init__(self, problem: str, hint: str | None = EXAMPLE) -> None:
        super().__init__(problem)
        self.error = UsageError(problem, hint)


def clip(text: str) -> str:
    """Shorten what someone typed to a piece that fits into a sentence, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED_AT_MOST else f"{line[: _QUOTED_AT_MOST - 1]}…"


def counted(number: int) -> str:
    """Write a number as people read it: 10,000."""
    return f"{number:,}"
