"""The projects people have given short names: what a command means by its first word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.builds.names import Ambiguous, Found, find
from bot.builds.usage import MisuseError, clip

_ID: Final = re.compile(r"[1-9][0-9]{0,15}")
_LARGEST_ID: Final = 2**53


@dataclass(frozen=True, slots=True)
class Project:
    """A project by its short name, with what its builds get when a command does not say."""

    name: str
    id: str
    engine: str | None = None
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What can be known before PlayCanvas is asked: the short names, the channel's last project."""

    projects: tuple[Project, ...] = ()
    last: Project | None = None


def is_id(text: str) -> bool:
    """Say whether a text is a project's id."""
    return bool(_ID.fullmatch(text)) and int(text) <= _LARGEST_ID


def sample(known: Known) -> str:
    """Choose a project for an example: the one built last here, or any."""
    project = known.last or next(iter(known.projects), None)
    return (project.name or project.id) if project else "543988"


def project_of(wanted: str, known: Known, words: Sequence[object]) -> Project:
    """Find the project that is meant, or raise MisuseError with a line that would do.

    An id needs no short name. `words` are the command as it was typed.
    """
    if is_id(wanted):
        named = (project for project in known.projects if project.id == wanted)
        return next(named, Project("", wanted))
    found = find(wanted, known.projects)
    if isinstance(found, Found):
        return found.item
    if isinstance(found, Ambiguous):
        problem = f"“{clip(wanted)}” fits more than one project: {', '.join(found.candidates)}."
        raise MisuseError(problem, None)
    raise _unknown(wanted, known, found.nearest, words)


def _unknown(
    wanted: str, known: Known, nearest: Sequence[str], words: Sequence[object]
) -> MisuseError:
    problem = f"“{clip(wanted)}” is neither the id of a project nor a short name."
    if known.last is not None:
        last = known.last.name or known.last.id
        line = " ".join(map(str, (last, *words)))
        return MisuseError(f"{problem} This channel last built {last}.", line)
    if nearest:
        return MisuseError(f"{problem} There are: {', '.join(nearest)}.", None)
    return MisuseError(
        f"{problem} The id stands in the project's address: for"
        " playcanvas.com/project/543988 it is 543988. /projects add fruit 543988 gives it a"
        " short name."
    )
