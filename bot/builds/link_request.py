"""What someone typed after `/download`, read once: which build's file is wanted, and as what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

from bot.builds.request import HelpWanted
from bot.builds.usage import MisuseError, UsageError, clip
from bot.builds.words import Word, split

LINK_EXAMPLE: Final = "64b0c2f1a9d3e5f708192a3b 64b0c2f1a9d3e5f708192a4c"
"""A line that always works as an example of what follows `/download`."""

_OBJECT_ID: Final = re.compile(r"[0-9a-f]{24}")
_HELP: Final = frozenset({"help", "--help", "—help", "-h", "?"})
_MENTION: Final = re.compile(r"<[@#!]")
_TYPE: Final = "type"


class FileKind(StrEnum):
    """Which of a build's files is wanted, in Applivery's own words."""

    AUTO = "auto"
    FILE = "file"
    AAB = "aab"


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A link as it was asked for: both ids in Applivery's form."""

    app: str
    build: str
    kind: FileKind = FileKind.AUTO

    def __str__(self) -> str:
        """Write the request as the line that is read as the same request."""
        return f"{self.app} {self.build} {_TYPE}={self.kind}"


Parsed: TypeAlias = LinkRequest | HelpWanted | UsageError


def parse(text: str) -> Parsed:
    """Read the text of a slash command as Slack sends it; hints go after `/download`."""
    if _MENTION.search(text):
        return _usage("A mention of a person or a channel can't be part of a link. Take it out.")
    try:
        words = split(text)
    except MisuseError as misuse:
        return replace(misuse.error, hint=LINK_EXAMPLE)
    if words and not words[0].quoted and words[0].text.casefold() in _HELP:
        return HelpWanted()
    ids = [word.text.casefold() for word in words if word.key is None]
    given = [word for word in words if word.key is not None]
    return _wrong_keys(given) or _wrong_ids(ids) or LinkRequest(ids[0], ids[1], _kind(given))


def _kind(given: Sequence[Word]) -> FileKind:
    return FileKind(given[0].text.casefold()) if given else FileKind.AUTO


def _wrong_keys(given: Sequence[Word]) -> UsageError | None:
    for word in given:
        name = (word.key or "").lstrip("-—–").casefold()
        if not name:
            return _usage("There is a = with no key before it. Write type=file without spaces.")
        if name != _TYPE:
            return _usage(f"There is no key “{clip(name)}”. The only one is type, as in type=file.")
        if word.text.casefold() not in set(FileKind):
            return _usage(f"“{clip(word.text)}” is not a type. It is auto, file or aab.")
    return _usage("type is given twice. Keep the one that you mean.") if len(given) > 1 else None


def _wrong_ids(ids: Sequence[str]) -> UsageError | None:
    if not ids:
        return _usage("Say which build: the id of an app, then the id of one of its builds.")
    for what, text in zip(("an app", "a build"), ids, strict=False):
        if not _OBJECT_ID.fullmatch(text):
            return _usage(
                f"“{clip(text)}” is not the id of {what}: Applivery's ids have 24 characters,"
                " digits and the letters a to f."
            )
    if len(ids) == 1:
        return _usage("Which build? Give its id after the id of the app.")
    for text in ids[2:]:
        return _usage(f"A link is for one app and one build: leave out “{clip(text)}”.")
    return None


def _usage(problem: str) -> UsageError:
    return UsageError(problem, LINK_EXAMPLE)
