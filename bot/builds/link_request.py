"""Which build's file someone wants from Applivery, and as what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.builds.apps import ID, NamedApp, app_of
from bot.builds.usage import MisuseError, clip
from bot.builds.words import Word

LINK_EXAMPLE: Final = "64b0c2f1a9d3e5f708192a3b 64b0c2f1a9d3e5f708192a4c"
"""A line that always works as an example of what follows `/download`."""
LATEST: Final = "latest"

_TYPE: Final = "type"


class FileKind(StrEnum):
    """Which of a build's files is wanted, in Applivery's own words."""

    AUTO = "auto"
    FILE = "file"
    AAB = "aab"


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A link as it was asked for: ids in Applivery's form, or the app's latest build.

    `alias` is what people call the app; it asks for nothing.
    """

    app: str
    build: str = LATEST
    kind: FileKind = FileKind.AUTO
    alias: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """Write the request as the line that is read as the same request."""
        return f"{self.app} {self.build} {_TYPE}={self.kind}"


def read_link(words: Sequence[Word], known: Sequence[NamedApp]) -> LinkRequest:
    """Read an app, a build and a type, or raise MisuseError."""
    names = [word.text for word in words if word.key is None]
    kind = _kind([word for word in words if word.key is not None])
    if not names:
        problem = "Say which app: its name, or its id at Applivery."
        raise _misuse(problem)
    for text in names[2:]:
        problem = f"A link is for one app and one build: leave out “{clip(text)}”."
        raise _misuse(problem)
    app = app_of(names[0], known, LINK_EXAMPLE)
    build = _build(names[1]) if names[1:] else LATEST
    return LinkRequest(app.id, build, kind, app.name or None)


def _build(text: str) -> str:
    if (build := text.casefold()) == LATEST or ID.fullmatch(build):
        return build
    problem = (
        f"“{clip(text)}” is not the id of a build: Applivery's ids have 24 characters,"
        " digits and the letters a to f. Without one it is the latest."
    )
    raise _misuse(problem)


def _kind(given: Sequence[Word]) -> FileKind:
    for word in given:
        name = word.name
        if not name:
            problem = "There is a = with no key before it. Write type=file without spaces."
            raise _misuse(problem)
        if name != _TYPE:
            problem = f"There is no key “{clip(name)}”. The only one is type, as in type=file."
            raise _misuse(problem)
        if word.text.casefold() not in set(FileKind):
            problem = f"“{clip(word.text)}” is not a type. It is auto, file or aab."
            raise _misuse(problem)
    if len(given) > 1:
        problem = "type is given twice. Keep the one that you mean."
        raise _misuse(problem)
    return FileKind(given[0].text.casefold()) if given else FileKind.AUTO


def _misuse(problem: str) -> MisuseError:
    return MisuseError(problem, LINK_EXAMPLE)
