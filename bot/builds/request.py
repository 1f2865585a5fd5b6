"""What someone typed after `/build`, read once: a request, a wish for help, or what was wrong."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from bot.builds.keys import KEYS, Key, line
from bot.builds.options import BuildOptions, is_option, read, refuse_link
from bot.builds.usage import MisuseError, UsageError, clip
from bot.builds.words import Word, split

__all__ = ["KEYS", "BuildOptions", "BuildRequest", "HelpWanted", "Key", "UsageError", "parse"]

MAX_SCENES: Final = 100
_HELP: Final = frozenset({"help", "--help", "—help", "-h", "?"})
_ID: Final = re.compile(r"[1-9][0-9]{0,15}")
_LARGEST_ID: Final = 2**53


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """A build as it was asked for: names as typed, not yet looked up; the first scene starts."""

    project: str
    scenes: tuple[str, ...]
    branch: str | None = None
    options: BuildOptions = field(default_factory=BuildOptions)


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """Someone typed `/build help`."""


Parsed: TypeAlias = BuildRequest | HelpWanted | UsageError


def parse(text: str) -> Parsed:
    """Read the text of a slash command or mention as Slack sends it."""
    try:
        words = split(text)
        if words and not words[0].quoted and words[0].text.casefold() in _HELP:
            return HelpWanted()
        return _request(words)
    except MisuseError as misuse:
        return misuse.error


def _request(words: Sequence[Word]) -> BuildRequest:
    branch, options = read(words)
    names = [_name(word) for word in words if not is_option(word)]
    if not names:
        problem = "Say what to build: a project, and one or more of its scenes."
        raise MisuseError(problem)
    return BuildRequest(_project(names[0]), _scenes(names), branch, options)


def _name(word: Word) -> str:
    if not word.text:
        problem = "There are quotes with nothing in them. Put a name there, or take them away."
        raise MisuseError(problem)
    refuse_link(word)
    return line("name of a project or scene", word.text)


def _project(name: str) -> str:
    """Read what stands for the project: its id. Short names for projects will enter here."""
    if _ID.fullmatch(name) and int(name) <= _LARGEST_ID:
        return name
    problem = (
        f"“{clip(name)}” is not the id of a project. The command begins with the number from the"
        " project's address: for playcanvas.com/project/543988 it is 543988."
    )
    raise MisuseError(problem)


def _scenes(names: Sequence[str]) -> tuple[str, ...]:
    project, *scenes = names
    if not scenes:
        problem = "Which scene? Give at least one, by name or id; the first one starts."
        raise MisuseError(problem, f'{project} "Level 3"')
    if len(scenes) > MAX_SCENES:
        problem = f"Those are {len(scenes)} scenes. One build takes at most {MAX_SCENES}."
        raise MisuseError(problem)
    for at, scene in enumerate(scenes):
        if scene in scenes[:at]:
            problem = f"The scene “{clip(scene)}” is given twice. Name each scene once."
            raise MisuseError(problem)
    return tuple(scenes)
