"""The words after `/builds`: which build is meant, and which project."""

import re
from collections.abc import Sequence
from typing import Final

from bot.builds.history import STATES
from bot.builds.names import Ambiguous, Found, find, nearest
from bot.builds.projects import Known, is_id, sample
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word, quote

BUILDS_EXAMPLE: Final = "failed 20"
"""A line that always works as an example of what follows `/builds`."""
MINE: Final = "mine"
LATEST: Final = "latest"
SCHEDULES: Final = "schedules"
ONE_BUILD: Final = ("show", "retry", "stop")
"""What is done with one build, by its number."""
JOB: Final = re.compile(r"#?([1-9][0-9]{0,14})")
_ALIKE: Final = 0.55


def job_number(verb: str, rest: Sequence[Word]) -> int:
    """Read which one build is meant, or raise MisuseError."""
    example = f"{verb} 142"
    if not rest:
        problem = f"Which build? Give its number after {verb}; the card has it."
        raise MisuseError(problem, example)
    found = JOB.fullmatch(rest[0].text)
    if found is None or rest[0].key:
        problem = f"“{clip(str(rest[0]))}” is not the number of a build. They look like #142."
        raise MisuseError(problem, example)
    if len(rest) > 1:
        problem = f"One at a time: leave out “{clip(str(rest[1]))}”."
        raise MisuseError(problem, f"{verb} {found[1]}")
    return int(found[1])


def project_named(word: Word, known: Known) -> str | None:
    """Find the project's id, or None for no project at all."""
    if is_id(word.text):
        return word.text
    found = find(word.text, known.projects) if word.text else None
    if isinstance(found, Found):
        return found.item.id
    if isinstance(found, Ambiguous):
        fits = ", ".join(found.candidates)
        problem = f"“{clip(word.text)}” fits more than one project: {fits}."
        raise MisuseError(problem, quote(found.candidates[0]))
    return None


def unknown_project(word: Word, known: Known, verb: str = "") -> MisuseError:
    """Say that a word means nothing here; after a verb it can only be a project."""
    names = [project.name for project in known.projects]
    if not verb:
        names += [MINE, *STATES, LATEST, *ONE_BUILD, SCHEDULES]
    alike = nearest(word.text, names, most=2, likeness=_ALIKE)
    meant = f" Did you mean {' or '.join(alike)}?" if alike else ""
    what = "a project" if verb else "a project, a state or a number"
    problem = f"“{clip(word.text)}” is not {what} that I know.{meant}"
    right = alike[0] if alike else sample(known)
    if right in (*ONE_BUILD, LATEST):
        return MisuseError(problem, "show 142" if right != LATEST else "latest 543988")
    return MisuseError(problem, f"{verb} {quote(right)}".strip())
