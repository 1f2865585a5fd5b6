"""A look at a project in PlayCanvas for one errand, and what its asker is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.builds.errand import (
    AddProject,
    ChangeProject,
    Errand,
    ListBranches,
    ListScenes,
    branch_of,
    changes_of,
    with_branch,
)
from bot.builds.job import Item
from bot.builds.names import Ambiguous, Found, Unknown, find
from bot.builds.projects import Project
from bot.playcanvas.client import PlayCanvas
from bot.slack.messages import project_names, projects
from bot.slack.messages.message import Message
from bot.store import Store
from bot.store.errands import OpenErrand

_SCENES_OF = (AddProject, ListScenes)
# A branch with a longer name is meant by its id, which can be typed.
_TYPED_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Look:
    """What PlayCanvas showed; None for what was not asked. `branch` is the one meant, if found."""

    branches: tuple[Item, ...] | None = None
    scenes: tuple[Item, ...] | None = None
    branch: Found[Item] | Unknown | Ambiguous | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the asker is told, and in a word how it ended."""

    told: Message
    ended: str


async def look(playcanvas: PlayCanvas, errand: Errand) -> Look:
    """Ask what the errand needs to know: branches when one is named, then scenes."""
    project, wanted = int(errand.project), branch_of(errand)
    branches: tuple[Item, ...] | None = None
    branch: Found[Item] | Unknown | Ambiguous | None = None
    if wanted or isinstance(errand, ListBranches):
        seen = await playcanvas.branches(project)
        branches = tuple(Item(each.id, each.name) for each in seen)
        branch = find(wanted, branches) if wanted else None
    if isinstance(branch, Unknown | Ambiguous) or not isinstance(errand, _SCENES_OF):
        return Look(branches, None, branch)
    seen_scenes = await playcanvas.scenes(project, branch.item.id if branch else None)
    return Look(branches, tuple(Item(str(each.id), each.name) for each in seen_scenes), branch)


async def conclude(store: Store, asked: OpenErrand, seen: Look, now: datetime) -> Answer:
    """Keep what was seen, do what was wished, and say so."""
    errand, project = asked.errand, asked.errand.project
    if seen.branches is not None:
        await store.catalog.saw_branches(project, seen.branches, now)
    if seen.scenes is not None:
        await store.catalog.saw_scenes(project, seen.scenes, now)
    if isinstance(seen.branch, Unknown | Ambiguous):
        instead = _instead(errand, seen.branch, seen.branches or ())
        return Answer(projects.wrong_branch(errand, seen.branch, instead), "no such branch")
    match errand:
        case AddProject():
            return await _add(store, asked, errand, seen, now)
        case ChangeProject():
            return await _change(store, asked, errand, _spelt(seen), now)
        case ListScenes():
            return Answer(project_names.scenes(errand, seen.scenes or ()), "listed")
        case ListBranches():
            return Answer(project_names.branches(errand, seen.branches or ()), "listed")


async def _add(
    store: Store, asked: OpenErrand, errand: AddProject, seen: Look, now: datetime
) -> Answer:
    project = Project(errand.name, errand.project, errand.engine, _spelt(seen))
    if not await store.projects.add(project, asked.asker, now):
        owner = await store.projects.get(errand.name)
        # The same one as wished: this is the second answer, the first was lost in a crash.
        if owner is not None and owner != project:
            return Answer(projects.taken(owner), "taken")
    return Answer(projects.added(project, seen.scenes or ()), "added")


async def _change(
    store: Store, asked: OpenErrand, errand: ChangeProject, branch: str | None, now: datetime
) -> Answer:
    changes = changes_of(errand)
    if branch is not None:
        changes["branch"] = branch
    await store.projects.change(errand.name, asked.asker, now, **changes)
    project = await store.projects.get(errand.name)
    if project is None:
        return Answer(projects.gone(errand.name), "gone")
    return Answer(projects.changed(project), "changed")


def _spelt(seen: Look) -> str | None:
    if not isinstance(seen.branch, Found):
        return None
    return _typed(seen.branch.item, seen.branches or ())


def _instead(
    errand: Errand, found: Unknown | Ambiguous, branches: Sequence[Item]
) -> tuple[Errand, ...]:
    names = found.nearest if isinstance(found, Unknown) else found.typed
    meant = [branch for name in names for branch in branches if name in {branch.name, branch.id}]
    return tuple(with_branch(errand, _typed(each, branches)) for each in meant)


def _typed(item: Item, items: Sequence[Item]) -> str:
    """Write what means an item and no other: its name, or its id."""
    name = " ".join(item.name.split())
    fits = len(name) <= _TYPED_AT_MOST and find(name, items) == Found(item)
    return name if fits else item.id
