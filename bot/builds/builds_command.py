"""What someone typed after `/builds`, read once: a list, one build, or what to do with one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from bot.builds.audit import AUDIT, AuditListing, read_audit
from bot.builds.builds_line import (
    BUILDS_EXAMPLE,
    LATEST,
    MINE,
    ONE_BUILD,
    SCHEDULES,
    job_number,
    project_named,
    unknown_project,
)
from bot.builds.builds_listing import read_listing
from bot.builds.history import Listing
from bot.builds.projects import Known, sample
from bot.builds.request import NOTHING_KNOWN, HelpWanted
from bot.builds.schedule_command import ListSchedules, ScheduleWanted, read_schedule
from bot.builds.usage import MisuseError, UsageError, clip
from bot.builds.verbs import HELP, plain_words, verb_of
from bot.builds.words import Word, quote

_SCHEDULE: Final = "schedule"
_MENTIONED: Final = UsageError(
    "Builds can't be listed by a mention; those you asked for yourself are mine.", MINE
)


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
    try:
        words = plain_words(text, _MENTIONED, BUILDS_EXAMPLE)
        if (verb := verb_of(words)) in _READERS:
            return _READERS[verb](words[1:], known)
        return read_listing(words, known)
    except MisuseError as misuse:
        return misuse.error


def _latest(rest: Sequence[Word], known: Known) -> Latest:
    example = f"{LATEST} {quote(sample(known))}"
    names = [word for word in rest if word.key is None]
    branches = [word for word in rest if word.key is not None]
    for word in branches:
        if word.name != "branch" or not word.text:
            problem = f"“{clip(str(word))}” is no branch. Write branch=dev, without spaces."
            raise MisuseError(problem, f"{example} branch=main")
    if not names:
        problem = "Of which project? Give its short name or its id after latest."
        raise MisuseError(problem, example)
    if len(names) > 1 or len(branches) > 1:
        problem = "latest takes one project and at most one branch."
        raise MisuseError(problem, f"{example} branch=main")
    project = project_named(names[0], known)
    if project is None:
        raise unknown_project(names[0], known, LATEST)
    return Latest(project, branches[0].text if branches else None)


_VERBS: Final[Mapping[str, Callable[[int], Show | Retry | Stop]]] = dict(
    zip(ONE_BUILD, (Show, Retry, Stop), strict=True)
)


def _one(verb: str, rest: Sequence[Word], _: Known) -> Parsed:
    return _VERBS[verb](job_number(verb, rest))


def _schedule(rest: Sequence[Word], known: Known) -> Parsed:
    if len(rest) == 1 and rest[0].key is None and rest[0].text.casefold() in HELP:
        return HelpWanted()
    return read_schedule(rest, known)


_READERS: Final[Mapping[str, Callable[[Sequence[Word], Known], Parsed]]] = {
    **dict.fromkeys(HELP, lambda _rest, _known: HelpWanted()),
    **{verb: partial(_one, verb) for verb in _VERBS},
    LATEST: _latest,
    AUDIT: read_audit,
    _SCHEDULE: _schedule,
    SCHEDULES: lambda _rest, _known: ListSchedules(),
}
