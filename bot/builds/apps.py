"""The apps that people have named: what the first word after `/download` means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.builds.names import Ambiguous, Found, find, fold
from bot.builds.usage import MisuseError, clip

ID: Final = re.compile(r"[0-9a-f]{24}")
"""The id of an app or a build at Applivery, folded."""


@dataclass(frozen=True, slots=True)
class NamedApp:
    """An app of Applivery by its short name, and the PlayCanvas project it is made of."""

    name: str
    id: str
    project: str | None = None

    def __str__(self) -> str:
        """Write what gives the app its name after `/download add`."""
        return " ".join([self.name, self.id, *([f"project={self.project}"] * bool(self.project))])


def app_of(wanted: str, known: Sequence[NamedApp], hint: str) -> NamedApp:
    """Find the app that is meant, or raise MisuseError; an id needs no name."""
    if ID.fullmatch(app_id := wanted.casefold()):
        return next((app for app in known if app.id == app_id), NamedApp("", app_id))
    found = find(wanted, known)
    if isinstance(found, Found):
        return found.item
    if isinstance(found, Ambiguous):
        problem = f"“{clip(wanted)}” fits more than one app: {', '.join(found.candidates)}."
        raise MisuseError(problem, None)
    problem = f"“{clip(wanted)}” is neither the name of an app nor an id with 24 characters."
    if found.nearest:
        problem = f"{problem} There are: {', '.join(found.nearest)}."
        raise MisuseError(problem, None)
    problem = f"{problem} No app has a name yet: /download add gives one."
    raise MisuseError(problem, hint)


def named(name: str, known: Sequence[NamedApp]) -> NamedApp | None:
    """Find the app with this name, however it is spelt."""
    return next((app for app in known if fold(app.name) == fold(name)), None)
