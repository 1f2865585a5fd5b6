"""What someone typed after `/build`, read once: a request, a wish for help, or what was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from bot.builds.keys import KEYS, Key, line
from bot.builds.options import BuildOptions, is_option, read, refuse_link
from bot.builds.projects import Known, Project, project_of
from bot.builds.usage import MisuseError, UsageError, clip
from bot.builds.verbs import HELP
from bot.builds.words import Word, split

__all__ = ["KEYS", "BuildOptions", "BuildRequest", "HelpWanted", "Key", "UsageError", "parse"]

MAX_SCENES: Final = 100
NOTHING_KNOWN: Final = Known()


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """A build as it was asked for: names as typed, not yet looked up; the first scene starts.

    `project` is an id, `alias` the short name it has here. One without scenes asks for an archive;
    with `branches` for one of each: of those with these ids, without any of every open one.
    """

    project: str
    scenes: tuple[str, ...]
    branch: str | None = None
    options: BuildOptions = field(default_factory=BuildOptions)
    alias: str | None = None
    branches: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """Someone typed `/build help`."""


Parsed: TypeAlias = BuildRequest | HelpWanted | UsageError


def parse(text: str, known: Known = NOTHING_KNOWN) -> Parsed:
    """Read the text of a slash command or mention as Slack sends it."""
    try:
        words = split(text)
        if words and not words[0].quoted and words[0].text.casefold() in HELP:
            return HelpWanted()
        return read_request(words, known)
    except MisuseError as misuse:
        return misuse.error


def read_request(words: Sequence[Word], known: Known) -> BuildRequest:
    """Read a project, its scenes and options, or raise MisuseError."""
    branch, options = read(words)
    names = [_name(word) for word in words if not is_option(word)]
    if not names:
        problem = "Say what to build: a project, and one or more of its scenes."
        raise MisuseError(problem)
    project = project_of(names[0], known, words)
    return requested(project, scenes_of(names[0], names[1:]), branch, options)


def requested(
    project: Project, scenes: tuple[str, ...], branch: str | None, options: BuildOptions
) -> BuildRequest:
    """Make the request, with the project's defaults where nothing else was said."""
    return BuildRequest(
        project.id,
        scenes,
        branch or project.branch,
        options if options.engine else replace(options, engine=project.engine),
        alias=project.name or None,
    )


def scenes_of(project: str, scenes: Sequence[str]) -> tuple[str, ...]:
    """Count the scenes that were named, or raise MisuseError; `project` as it was typed."""
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


def _name(word: Word) -> str:
    if not word.text:
        problem = "There are quotes with nothing in them. Put a name there, or take them away."
        raise MisuseError(problem)
    refuse_link(word)
    return line("name of a project or scene", word.text)
