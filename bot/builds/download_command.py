"""What someone typed after `/download`, read once: a link, a post, or the names of apps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.builds.apps import ID, NamedApp, named
from bot.builds.link_request import LINK_EXAMPLE, LinkRequest, read_link
from bot.builds.names import nearest
from bot.builds.projects import Known, project_of
from bot.builds.request import NOTHING_KNOWN, HelpWanted
from bot.builds.short_name import wrong_with
from bot.builds.usage import MisuseError, UsageError, clip
from bot.builds.verbs import HELP, plain_words, verb_of
from bot.builds.words import Word

ADD_EXAMPLE: Final = "add fruit-ios 64b0c2f1a9d3e5f708192a3b project=fruit"
_MENTIONED: Final = UsageError(
    "A mention of a person or a channel can't be part of this. Take it out.", LINK_EXAMPLE
)
_PROJECT: Final = "project"


@dataclass(frozen=True, slots=True)
class ListApps:
    """Someone typed `/download`, or `/download list`."""


@dataclass(frozen=True, slots=True)
class AddApp:
    """An app is to be given a name."""

    app: NamedApp


@dataclass(frozen=True, slots=True)
class RemoveApp:
    """A name is to be forgotten."""

    app: NamedApp


@dataclass(frozen=True, slots=True)
class PostLink:
    """A message for everyone is wanted, with a button that gives each their own link."""

    request: LinkRequest

    def __str__(self) -> str:
        """Write the wish as the line that is read as the same wish."""
        return f"post {self.request}"


Wish: TypeAlias = LinkRequest | PostLink | ListApps | AddApp | RemoveApp
Parsed: TypeAlias = Wish | HelpWanted | UsageError


def parse(text: str, apps: Sequence[NamedApp] = (), projects: Known = NOTHING_KNOWN) -> Parsed:
    """Read the text of a slash command as Slack sends it; hints go after `/download`."""
    try:
        return _read(plain_words(text, _MENTIONED, LINK_EXAMPLE), apps, projects)
    except MisuseError as misuse:
        return misuse.error


def _read(words: Sequence[Word], apps: Sequence[NamedApp], projects: Known) -> Wish | HelpWanted:
    verb, rest = verb_of(words) if words else "list", words[1:]
    if verb in HELP:
        return HelpWanted()
    match verb:
        case "list":
            return _list(rest)
        case "add":
            return _add(rest, apps, projects)
        case "remove":
            return _remove(rest, apps)
        case "post":
            return PostLink(read_link(rest, apps))
    return read_link(words, apps)


def _list(words: Sequence[Word]) -> ListApps:
    if words:
        problem = f"list takes nothing more: leave out “{clip(str(words[0]))}”."
        raise MisuseError(problem, "list")
    return ListApps()


def _add(words: Sequence[Word], apps: Sequence[NamedApp], projects: Known) -> AddApp:
    names = [word.text for word in words if word.key is None]
    if len(names) != 2:  # noqa: PLR2004 - a name and an id
        problem = "Give a name of one word, then the app's id at Applivery."
        raise MisuseError(problem, ADD_EXAMPLE)
    name, app_id = names[0], names[1].casefold()
    if not ID.fullmatch(app_id):
        problem = (
            f"“{clip(names[1])}” is not the id of an app: it has 24 characters, digits and the"
            " letters a to f, and stands in the app's address at Applivery."
        )
        raise MisuseError(problem, ADD_EXAMPLE)
    if wrong := _wrong_with(name):
        raise MisuseError(wrong, ADD_EXAMPLE)
    if taken := named(name, apps):
        problem = f"{taken.name} is already the name of app {taken.id}. Choose another."
        raise MisuseError(problem, f"remove {taken.name}")
    return AddApp(NamedApp(name, app_id, _project(words, projects)))


def _wrong_with(name: str) -> str | None:
    if ID.fullmatch(name.casefold()):
        return f"“{name}” reads like an id. Choose another name."
    return wrong_with(name)


def _project(words: Sequence[Word], projects: Known) -> str | None:
    """Find the PlayCanvas project that an app is made of, if one was named."""
    given = [word for word in words if word.key is not None]
    for word in given:
        if word.name != _PROJECT or not word.text or len(given) > 1:
            problem = "After the id there can be project=, once: the PlayCanvas project it shows."
            raise MisuseError(problem, ADD_EXAMPLE)
    if not given:
        return None
    try:
        return project_of(given[0].text, projects, ()).id
    except MisuseError as misuse:
        # The line it offers would be one of /build.
        raise MisuseError(misuse.error.problem, None) from misuse


def _remove(words: Sequence[Word], apps: Sequence[NamedApp]) -> RemoveApp:
    names = [word.text for word in words if word.key is None]
    if len(words) != 1 or not names:
        problem = "Say which name is to be forgotten."
        raise MisuseError(problem, "remove fruit-ios")
    if found := named(names[0], apps):
        return RemoveApp(found)
    alike = nearest(names[0], [app.name for app in apps])
    there = f" There are: {', '.join(alike)}." if alike else ""
    problem = f"No app is called “{clip(names[0])}”.{there}"
    raise MisuseError(problem, "list")
