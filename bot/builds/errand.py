"""What only PlayCanvas can answer about a project: the errands behind `/projects`."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from bot.builds.words import quote


@dataclass(frozen=True, slots=True)
class AddProject:
    """Give a project a short name, if the bot's token can see it and the branch exists."""

    name: str
    project: str
    engine: str | None = None
    branch: str | None = None
    kind: Literal["add"] = "add"

    def __str__(self) -> str:
        """Write what is read as the same wish after `/projects`."""
        return _line("add", self.name, self.project, engine=self.engine, branch=self.branch)


@dataclass(frozen=True, slots=True)
class ChangeProject:
    """Change a project's defaults: None leaves one as it is, an empty text clears it."""

    name: str
    project: str
    engine: str | None = None
    branch: str | None = None
    kind: Literal["set"] = "set"

    def __str__(self) -> str:
        """Write what is read as the same wish after `/projects`."""
        return _line("set", self.name, engine=self.engine, branch=self.branch)


@dataclass(frozen=True, slots=True)
class ListScenes:
    """List the scenes of a branch, the main one unless told otherwise."""

    project: str
    branch: str | None = None
    alias: str | None = None
    kind: Literal["scenes"] = "scenes"

    def __str__(self) -> str:
        """Write what is read as the same wish after `/projects`."""
        return _line("scenes", self.alias or self.project, branch=self.branch)


@dataclass(frozen=True, slots=True)
class ListBranches:
    """List the open branches of a project."""

    project: str
    alias: str | None = None
    kind: Literal["branches"] = "branches"

    def __str__(self) -> str:
        """Write what is read as the same wish after `/projects`."""
        return _line("branches", self.alias or self.project)


Errand: TypeAlias = AddProject | ChangeProject | ListScenes | ListBranches


def branch_of(errand: Errand) -> str | None:
    """Name the branch that an errand is about, as it was typed."""
    return None if isinstance(errand, ListBranches) else errand.branch or None


def with_branch(errand: Errand, branch: str) -> Errand:
    """Ask the same about another branch."""
    return errand if isinstance(errand, ListBranches) else replace(errand, branch=branch)


def changes_of(errand: ChangeProject) -> dict[str, str | None]:
    """Say what is to be stored for the defaults that change."""
    given = {"engine": errand.engine, "branch": errand.branch}
    return {key: value or None for key, value in given.items() if value is not None}


def _line(*words: str, **given: str | None) -> str:
    options = [
        f"{key}={quote(value) if value else ''}"
        for key, value in given.items()
        if value is not None
    ]
    return " ".join([*words, *options])
