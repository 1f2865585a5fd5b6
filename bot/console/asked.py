"""What was typed behind the command: words as the shell has split them already."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.builds.escapes import escape
from bot.builds.job import JobKind
from bot.builds.projects import Known
from bot.builds.projects_command import archived
from bot.builds.request import BuildRequest, read_request
from bot.builds.usage import MisuseError
from bot.builds.words import Word, split

# As in Slack a key ends at the first =, and no space is in it; other words are names as they are.
_OPTION: Final = re.compile(r"([^\s=\"'“”]+)=(.*)", re.DOTALL)
_VERBS: Final = {"/build ": "build", "/projects archive ": "archive"}


def words_of(arguments: Sequence[str]) -> list[Word]:
    """Read the shell's words as those of a command in Slack: what has a space is one name."""
    found = []
    for argument in arguments:
        option = _OPTION.fullmatch(argument)
        if option:
            found.append(Word(option[2].strip(), option[1], quoted=True))
        else:
            found.append(Word(argument.strip(), quoted=True))
    return found


def requested(
    kind: JobKind, arguments: Sequence[str], known: Known, *, every_branch: bool
) -> BuildRequest:
    """Read what is to be built or archived; raises MisuseError."""
    words = words_of(arguments)
    if kind is JobKind.BUILD:
        return read_request(words, known)
    if not every_branch:
        return archived(words, known)
    if any(word.key is not None for word in words):
        problem = "Give either a branch=… or --all-branches."
        raise MisuseError(problem, None)
    return replace(archived(words, known), branch=None, branches=())


def shell_line(line: str) -> str:
    """Write a line for Slack, or the words behind it, as one for the shell."""
    verb = next((opening for opening in _VERBS if line.startswith(opening)), "")
    try:
        words = split(escape(line.removeprefix(verb)))
    except MisuseError:
        return line
    shown = " ".join(map(_quoted, words))
    return f"python -m bot {_VERBS[verb]} {shown}" if verb else shown


def _quoted(word: Word) -> str:
    return shlex.quote(word.text) if word.key is None else f"{word.key}={shlex.quote(word.text)}"
