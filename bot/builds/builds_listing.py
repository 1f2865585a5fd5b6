"""A list that `/builds` is asked for: whose builds, in which state, how many, from where on."""

from collections.abc import Sequence
from typing import Any, Final

from bot.builds.builds_line import BUILDS_EXAMPLE, JOB, MINE, project_named, unknown_project
from bot.builds.history import MOST_LISTED, STATES, Listing
from bot.builds.projects import Known
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word

# Numbers up to here are no project's, but may be a build's.
_SMALLEST_PROJECT: Final = 10_000


def read_listing(words: Sequence[Word], known: Known) -> Listing:
    """Read which builds are to be listed, or raise MisuseError."""
    given: dict[str, Any] = {}
    for word in words:
        key, value = _part(word, known)
        if key in given:
            problem = f"“{clip(str(word))}” says {_SAYS[key]} a second time. Keep one of them."
            raise MisuseError(problem, BUILDS_EXAMPLE)
        given[key] = value
    if {"before", "after"} <= given.keys():
        problem = "A page is either before a build or after one."
        raise MisuseError(problem, BUILDS_EXAMPLE)
    return Listing(**given)


_SAYS: Final = {
    "project": "which project",
    "mine": "that they are yours",
    "state": "which state",
    "count": "how many",
    "before": "where to go on",
    "after": "where to go on",
}


def _part(word: Word, known: Known) -> tuple[str, str | int | bool]:
    if word.key is not None:
        return _page(word)
    text = word.text.casefold()
    if not word.quoted and text == MINE:
        return "mine", True
    if not word.quoted and text in STATES:
        return "state", text
    if not word.quoted and word.text.isascii() and word.text.isdecimal():
        number = _number(word.text, known)
        if isinstance(number, int):
            return "count", number
    project = project_named(word, known)
    if project is None:
        raise unknown_project(word, known)
    return "project", project


def _page(word: Word) -> tuple[str, int]:
    key, found = word.name, JOB.fullmatch(word.text)
    if key in {"before", "after"} and found is not None:
        return key, int(found[1])
    problem = f"“{clip(str(word))}” says nothing to me; before=142 goes on below build 142."
    raise MisuseError(problem, f"{BUILDS_EXAMPLE} before=142")


def _number(text: str, known: Known) -> int | None:
    """Read how many; None for what is a project's id."""
    if any(project.id == text for project in known.projects):
        return None
    number = int(text[:16])
    if number >= _SMALLEST_PROJECT:
        return None
    if 1 <= number <= MOST_LISTED:
        return number
    problem = f"A list has 1 to {MOST_LISTED} builds, not {number}."
    if number:
        problem = f"{problem} To see build {number}, say show."
        raise MisuseError(problem, f"show {number}")
    raise MisuseError(problem, BUILDS_EXAMPLE)
