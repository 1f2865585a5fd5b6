"""What someone typed after `/projects`, read once: a wish, or what was wrong with the line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.builds.errand import ChangeProject, Errand, ListBranches, ListScenes
from bot.builds.names import fold, nearest
from bot.builds.projects import Known, Project, is_id
from bot.builds.projects_add import add
from bot.builds.projects_line import (
    EXAMPLE,
    misuse,
    named,
    named_project,
    project_meant,
    read_line,
)
from bot.builds.request import NOTHING_KNOWN, BuildRequest, HelpWanted
from bot.builds.usage import MisuseError, UsageError, clip
from bot.builds.verbs import HELP, plain_words, verb_of
from bot.builds.words import Word, quote

_MENTIONED: Final = UsageError(
    "A mention of a person or a channel can't be part of this. Write plain text.", EXAMPLE
)
_ALIKE: Final = 0.55
# What people try because it is called so elsewhere.
_ELSEWHERE: Final = {
    **dict.fromkeys(("new", "create", "register"), "add"),
    **dict.fromkeys(("delete", "del", "rm", "forget"), "remove"),
    **dict.fromkeys(("change", "edit", "update", "configure"), "set"),
    **dict.fromkeys(("ls", "all", "show"), "list"),
    **dict.fromkeys(("export", "backup", "download", "zip"), "archive"),
}


@dataclass(frozen=True, slots=True)
class ListProjects:
    """Someone typed `/projects`, or `/projects list`."""


@dataclass(frozen=True, slots=True)
class RemoveProject:
    """A short name is to be forgotten."""

    name: str
    project: str


# A BuildRequest without scenes asks for an archive.
Wish: TypeAlias = ListProjects | RemoveProject | Errand | BuildRequest
Parsed: TypeAlias = Wish | HelpWanted | UsageError


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A word after `/projects` and what may follow it; the help is written from these."""

    name: str
    form: str
    meaning: str
    read: Callable[[Sequence[Word], Known], Wish]


def parse(text: str, known: Known = NOTHING_KNOWN) -> Parsed:
    """Read the text of a slash command as Slack sends it; hints go after `/projects`."""
    try:
        return _read(plain_words(text, _MENTIONED, EXAMPLE), known)
    except MisuseError as error:
        return error.error


def _read(words: Sequence[Word], known: Known) -> Wish | HelpWanted:
    if not words:
        return ListProjects()
    first, *rest = words
    verb = verb_of(words)
    if verb in HELP:
        return HelpWanted()
    if verb in _BY_NAME:
        return _BY_NAME[verb].read(rest, known)
    raise _unknown(first, rest, known)


def _unknown(first: Word, rest: Sequence[Word], known: Known) -> MisuseError:
    """Offer the subcommand that was meant, or what can be done with a project that was named."""
    wanted, verbs = first.text.casefold(), list(_BY_NAME)
    if first.key is None and (is_id(first.text) or named(first.text, known)):
        problem = f"Say what to do with {first.text}, by one of: {', '.join(verbs)}."
        return misuse(problem, f"scenes {first.text}")
    near = nearest(wanted, verbs, 1, likeness=_ALIKE)
    meant = _ELSEWHERE.get(wanted) or next(iter(near), None)
    problem = f"There is no “{clip(str(first))}” here."
    if meant is None:
        return misuse(f"{problem} There are: {', '.join(verbs)}.", EXAMPLE)
    return misuse(f"{problem} Did you mean {meant}?", " ".join(map(str, (meant, *rest))))


def _list(words: Sequence[Word], _: Known) -> Wish:
    if words:
        problem = f"list takes nothing more: leave out “{clip(str(words[0]))}”."
        raise misuse(problem, "list")
    return ListProjects()


def _scenes(words: Sequence[Word], known: Known) -> Wish:
    meant, branch = _with_branch("scenes", words, known)
    return ListScenes(meant.id, branch, meant.name or None)


def archived(words: Sequence[Word], known: Known) -> BuildRequest:
    """Read of which project, and of which of its branches, an archive is wanted."""
    meant, branch = _with_branch("archive", words, known)
    # A project whose own branch is called so means that one.
    if branch is not None and fold(branch) == "all" and branch != meant.branch:
        return BuildRequest(meant.id, (), alias=meant.name or None, branches=())
    return BuildRequest(meant.id, (), branch, alias=meant.name or None)


def _with_branch(verb: str, words: Sequence[Word], known: Known) -> tuple[Project, str | None]:
    line = read_line(verb, words, ["branch"])
    if len(line.names) == 2 and not line.given:  # noqa: PLR2004 - a project and one word more
        project, branch = line.names
        problem = f"If “{clip(branch)}” is a branch, say so with its key."
        raise misuse(problem, f"{line.naming(project)} branch={quote(branch)}")
    meant = project_meant(line, known)
    return meant, line.given.get("branch") or meant.branch


def _branches(words: Sequence[Word], known: Known) -> Wish:
    meant = project_meant(read_line("branches", words, []), known)
    return ListBranches(meant.id, meant.name or None)


def _set(words: Sequence[Word], known: Known) -> Wish:
    line = read_line("set", words, ["engine", "branch"], clears=True)
    meant = named_project(line, known)
    if not line.given:
        problem = f"Say what {meant.name} gets: engine=, branch= or both; an empty value clears."
        raise misuse(problem, f"set {meant.name} engine=2.20.6 branch=main")
    return ChangeProject(meant.name, meant.id, line.given.get("engine"), line.given.get("branch"))


def _remove(words: Sequence[Word], known: Known) -> Wish:
    meant = named_project(read_line("remove", words, []), known)
    return RemoveProject(meant.name, meant.id)


SUBCOMMANDS: Final = (
    Subcommand("list", "", "the projects with short names; also without “list”", _list),
    Subcommand(
        "add",
        "fruit 543988 [engine=2.20.6] [branch=main]",
        "give a project a short name, and what its builds get when a command does not say",
        add,
    ),
    Subcommand("scenes", "fruit [branch=dev]", "list its scenes, with their ids", _scenes),
    Subcommand("branches", "fruit", "list its open branches", _branches),
    Subcommand(
        "archive",
        "fruit [branch=dev|all]",
        "make a zip of a whole branch, or one of each, to keep or to import elsewhere",
        archived,
    ),
    Subcommand(
        "set",
        "fruit engine=2.20.6 branch=",
        "change what its builds get; an empty value clears",
        _set,
    ),
    Subcommand("remove", "fruit", "forget a short name; the project itself stays", _remove),
)
_BY_NAME: Final = {each.name: each for each in SUBCOMMANDS}
