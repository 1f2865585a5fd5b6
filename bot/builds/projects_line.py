"""The words after a subcommand of `/projects`: names, options, and which project is meant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.builds.keys import KEYS
from bot.builds.names import Ambiguous, Found, find, fold, nearest
from bot.builds.options import is_option, refuse_link
from bot.builds.projects import Known, Project, is_id, sample
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word, quote

EXAMPLE: Final = "add fruit 543988"
"""A line that always reads well after `/projects`."""
ADDRESS: Final = (
    "It stands in the project's address: for playcanvas.com/project/543988 it is 543988."
)

_READ: Final = {key.name: key.read for key in KEYS if key.name in {"engine", "branch"}}
_EXAMPLES: Final = {"engine": "engine=2.20.6", "branch": "branch=main"}
_PAGE: Final = re.compile(
    r"(?:https?://)?(?:www\.)?playcanvas\.com/(?:editor/)?project/([1-9][0-9]*)(?:[/?#].*)?"
)
_ALIKE: Final = 0.55
_LONGEST_HINT: Final = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A subcommand with its names in order, its options as typed, and their values."""

    verb: str
    names: tuple[str, ...]
    options: tuple[Word, ...]
    given: Mapping[str, str]

    def __str__(self) -> str:
        """Write the line so that it can be pasted."""
        return " ".join([self.verb, *map(quote, self.names), *map(str, self.options)])

    def naming(self, *names: str) -> str:
        """Write the same line with other names."""
        return str(replace(self, names=names))


def misuse(problem: str, hint: str) -> MisuseError:
    """Say what is wrong; a hint that has grown too long to read gives way to an example."""
    return MisuseError(problem, hint if len(hint) <= _LONGEST_HINT else EXAMPLE)


def read_line(
    verb: str, words: Sequence[Word], keys: Sequence[str], *, clears: bool = False
) -> Line:
    """Read what follows a subcommand that takes these keys, or raise MisuseError.

    `clears` lets a key stand without a value.
    """
    given: dict[str, str] = {}
    options = tuple(word for word in words if is_option(word))
    names = tuple(_name(word) for word in words if not is_option(word))
    line = Line(verb, names, options, given)
    for option in options:
        key = _key(option, keys, line)
        if key in given:
            problem = f"{key} is given twice. Keep the one that you mean."
            once = tuple(word for word in options if word is not option)
            raise misuse(problem, str(replace(line, options=once)))
        given[key] = _value(key, option, line, clears=clears)
    return line


def project_meant(line: Line, known: Known) -> Project:
    """Find the one project that a line is about; an id needs no short name."""
    wanted = _only_name(line, known)
    if is_id(wanted):
        owners = [project for project in known.projects if project.id == wanted]
        # One of several short names would bring defaults that nobody asked for.
        return owners[0] if len(owners) == 1 else Project("", wanted)
    found = find(wanted, known.projects)
    if isinstance(found, Found):
        return found.item
    if isinstance(found, Ambiguous):
        problem = f"“{clip(wanted)}” fits more than one project: {', '.join(found.candidates)}."
        raise misuse(problem, line.naming(found.typed[0]))
    raise _unknown(line, known)


def named_project(line: Line, known: Known) -> Project:
    """Find the one project whose short name or id stands there in full: it is to be changed."""
    wanted = _only_name(line, known)
    owners = [project for project in known.projects if project.id == wanted]
    found = named(wanted, known) or owners
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(project.name for project in found)
        problem = f"Project {wanted} has more than one short name: {names}. Say which."
        raise misuse(problem, line.naming(found[0].name))
    raise _unknown(line, known)


def named(name: str, known: Known) -> list[Project]:
    """Find the project with a short name, however it is spelt."""
    return [project for project in known.projects if fold(project.name) == fold(name)]


def _name(word: Word) -> str:
    if page := _PAGE.fullmatch(word.text):
        return page[1]
    try:
        refuse_link(word)
    except MisuseError as error:
        raise misuse(error.error.problem, EXAMPLE) from error
    return word.text


def _only_name(line: Line, known: Known) -> str:
    if not line.names or not line.names[0]:
        problem = "Which project? Give its short name or its id."
        if known.last is not None:
            problem = f"{problem} This channel last built {known.last.name or known.last.id}."
        raise misuse(problem, line.naming(sample(known)))
    if len(line.names) > 1:
        problem = f"One project at a time: leave out “{clip(line.names[1])}”."
        raise misuse(problem, line.naming(line.names[0]))
    return line.names[0]


def _unknown(line: Line, known: Known) -> MisuseError:
    [wanted] = line.names
    problem = f"“{clip(wanted)}” is neither a short name nor the id of a project."
    if is_id(wanted):
        problem = f"Project {wanted} has no short name."
    if not known.projects:
        return misuse(f"{problem} No project has a short name yet.", EXAMPLE)
    names = [project.name for project in known.projects]
    alike = nearest(wanted, names, likeness=_ALIKE)
    there = ", ".join(alike or nearest(wanted, names))
    return misuse(f"{problem} There are: {there}.", line.naming(alike[0]) if alike else "list")


def _key(option: Word, keys: Sequence[str], line: Line) -> str:
    """Find the key of an option; dashes before it are forgiven, as in --branch=dev."""
    name = option.name
    if name in keys:
        return name
    bare = replace(line, options=())
    if not keys:
        problem = f"{line.verb} takes no keys: leave out “{clip(str(option))}”."
        raise misuse(problem, str(bare))
    if not name:
        problem = "There is a = with no key before it. Write key=value without spaces around the =."
        raise misuse(problem, f"{bare} {_EXAMPLES[keys[0]]}")
    alike = nearest(name, keys, 1, likeness=_ALIKE)
    right = [replace(it, key=alike[0]) if it is option and alike else it for it in line.options]
    meant = f"Did you mean {alike[0]}?" if alike else f"{line.verb} takes {' and '.join(keys)}."
    hint = str(replace(line, options=tuple(right))) if alike and option.key else str(bare)
    problem = f"There is no key “{clip(name)}”. {meant}"
    raise misuse(problem, hint)


def _value(key: str, option: Word, line: Line, *, clears: bool) -> str:
    right = f"{replace(line, options=())} {_EXAMPLES[key]}"
    if option.key is None or not (option.text or clears):
        problem = f"{key} has no value. Write it after a =, without spaces around it."
        raise misuse(problem, right)
    if not option.text:
        return ""
    try:
        refuse_link(option)
        return str(_READ[key](key, option.text))
    except MisuseError as error:
        raise misuse(error.error.problem, right) from error
