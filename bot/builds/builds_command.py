"""What someone typed after `/builds`, read once: a list, one build, or what to do with one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeAlias

from bot.builds.audit import AUDIT, AuditListing, read_audit
from bot.builds.history import MOST_LISTED, STATES, Listing
from bot.builds.names import Ambiguous, Found, find, nearest
from bot.builds.projects import Known, is_id
from bot.builds.request import NOTHING_KNOWN, HelpWanted
from bot.builds.schedule_command import ListSchedules, ScheduleWanted, read_schedule
from bot.builds.usage import MisuseError, UsageError, clip
from bot.builds.words import DASHES, Word, quote, split

BUILDS_EXAMPLE: Final = "failed 20"
"""A line that always works as an example of what follows `/builds`."""

_HELP: Final = frozenset({"help", "--help", "—help", "-h", "?"})
_MINE: Final = "mine"
_LATEST: Final = "latest"
_SCHEDULE: Final = "schedule"
_SCHEDULES: Final = "schedules"
_JOB: Final = re.compile(r"#?([1-9][0-9]{0,14})")
_MENTION: Final = re.compile(r"<[@#!]")
_ALIKE: Final = 0.55
# Numbers up to here are no project's, but may be a build's.
_SMALLEST_PROJECT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Show:
    """Everything about one build."""

    job_id: int


@dataclass(frozen=True, slots=True)
class Retry:
    """One build once more."""

    job_id: int


@dataclass(frozen=True, slots=True)
class Stop:
    """One build no more."""

    job_id: int


@dataclass(frozen=True, slots=True)
class Latest:
    """The last good build of a project, on a branch if one is named."""

    project: str
    branch: str | None = None


Parsed: TypeAlias = (
    Listing
    | AuditListing
    | Show
    | Retry
    | Stop
    | Latest
    | ScheduleWanted
    | ListSchedules
    | HelpWanted
    | UsageError
)


def parse(text: str, known: Known = NOTHING_KNOWN) -> Parsed:
    """Read the text of a slash command as Slack sends it; hints go after `/builds`."""
    if _MENTION.search(text):
        problem = "Builds can't be listed by a mention; those you asked for yourself are mine."
        return UsageError(problem, _MINE)
    try:
        words = split(text)
    except MisuseError as misuse:
        return replace(misuse.error, hint=BUILDS_EXAMPLE)
    verb = "" if not words or words[0].quoted or words[0].key else words[0].text.casefold()
    try:
        if verb in _READERS:
            return _READERS[verb](words[1:], known)
        return _listing(words, known)
    except MisuseError as misuse:
        return misuse.error


def _job_id(verb: str, rest: Sequence[Word]) -> int:
    example = f"{verb} 142"
    if not rest:
        problem = f"Which build? Give its number after {verb}; the card has it."
        raise MisuseError(problem, example)
    found = _JOB.fullmatch(rest[0].text)
    if found is None or rest[0].key:
        problem = f"“{clip(str(rest[0]))}” is not the number of a build. They look like #142."
        raise MisuseError(problem, example)
    if len(rest) > 1:
        problem = f"One at a time: leave out “{clip(str(rest[1]))}”."
        raise MisuseError(problem, f"{verb} {found[1]}")
    return int(found[1])


def _latest(rest: Sequence[Word], known: Known) -> Latest:
    example = f"{_LATEST} {_any_project(known)}"
    names = [word for word in rest if word.key is None]
    branches = [word for word in rest if word.key is not None]
    for word in branches:
        if _key(word) != "branch" or not word.text:
            problem = f"“{clip(str(word))}” is no branch. Write branch=dev, without spaces."
            raise MisuseError(problem, f"{example} branch=main")
    if not names:
        problem = "Of which project? Give its short name or its id after latest."
        raise MisuseError(problem, example)
    if len(names) > 1 or len(branches) > 1:
        problem = "latest takes one project and at most one branch."
        raise MisuseError(problem, f"{example} branch=main")
    project = _project(names[0], known)
    if project is None:
        raise _unknown(names[0], known, _LATEST)
    return Latest(project, branches[0].text if branches else None)


def _listing(words: Sequence[Word], known: Known) -> Listing:
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
    if not word.quoted and text == _MINE:
        return "mine", True
    if not word.quoted and text in STATES:
        return "state", text
    if not word.quoted and word.text.isascii() and word.text.isdecimal():
        number = _number(word.text, known)
        if isinstance(number, int):
            return "count", number
    project = _project(word, known)
    if project is None:
        raise _unknown(word, known)
    return "project", project


def _page(word: Word) -> tuple[str, int]:
    key, found = _key(word), _JOB.fullmatch(word.text)
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


def _project(word: Word, known: Known) -> str | None:
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


def _unknown(word: Word, known: Known, verb: str = "") -> MisuseError:
    names = [project.name for project in known.projects]
    if not verb:
        names += [_MINE, *STATES, _LATEST, *_VERBS, _SCHEDULES]
    alike = nearest(word.text, names, most=2, likeness=_ALIKE)
    meant = f" Did you mean {' or '.join(alike)}?" if alike else ""
    what = "a project" if verb else "a project, a state or a number"
    problem = f"“{clip(word.text)}” is not {what} that I know.{meant}"
    right = alike[0] if alike else _any_project(known)
    if right in (*_VERBS, _LATEST):
        return MisuseError(problem, "show 142" if right != _LATEST else "latest 543988")
    return MisuseError(problem, f"{verb} {quote(right)}".strip())


def _any_project(known: Known) -> str:
    last = known.last
    if last is not None:
        return quote(last.name or last.id)
    return quote(known.projects[0].name) if known.projects else "543988"


def _key(word: Word) -> str:
    return (word.key or "").lstrip("".join(DASHES)).casefold()


_VERBS: Final[Mapping[str, Callable[[int], Show | Retry | Stop]]] = {
    "show": Show,
    "retry": Retry,
    "stop": Stop,
}


def _one(verb: str, rest: Sequence[Word], _: Known) -> Parsed:
    return _VERBS[verb](_job_id(verb, rest))


def _schedule(rest: Sequence[Word], known: Known) -> Parsed:
    if len(rest) == 1 and rest[0].key is None and rest[0].text.casefold() in _HELP:
        return HelpWanted()
    return read_schedule(rest, known)


_READERS: Final[Mapping[str, Callable[[Sequence[Word], Known], Parsed]]] = {
    **dict.fromkeys(_HELP, lambda _rest, _known: HelpWanted()),
    **{verb: partial(_one, verb) for verb in _VERBS},
    _LATEST: _latest,
    AUDIT: read_audit,
    _SCHEDULE: _schedule,
    _SCHEDULES: lambda _rest, _known: ListSchedules(),
}
