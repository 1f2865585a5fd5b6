"""The menus of the form: what is offered for the letters that were typed so far."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.builds.escapes import is_name
from bot.builds.job import Item, Job
from bot.builds.names import fold
from bot.builds.projects import Known, Project, is_id

MOST: Final = 100
LONGEST_VALUE: Final = 150
"""How many offers a menu of Slack's holds, and how long what one stands for may be."""

_UNFIT: Final = 4
# Nobody types further, and whoever types waits for the answer.
_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of a menu: the name that is read, and what it stands for in a request."""

    text: str
    value: str
    detail: str | None = None


def offers(typed: str, items: Sequence[Item]) -> tuple[Offer, ...]:
    """Offer what fits, best first, and at the end what was typed as it stands.

    Nothing typed fits everything. What was typed is no offer when it is the name of something.
    """
    fitting = _fitting(typed, items)
    meant = Counter(_plain(item.name) for item in items)
    meant.update(item.id for item in items)
    known = tuple(_offer(item, meant) for item in fitting[:MOST])
    own = _own(typed.strip(), fitting)
    return (*known[: MOST - len(own)], *own)


def project_offers(typed: str, known: Known, built: Sequence[str]) -> tuple[Offer, ...]:
    """Offer the projects with short names, then those built by their ids, then an id as typed."""
    named = {project.id for project in known.projects}
    projects = [*known.projects, *(Project("", each) for each in built if each not in named)]
    wanted = fold(typed)
    fitting = [each for each in projects if wanted in fold(each.name) or wanted in each.id]
    own = is_id(typed.strip()) and all(each.id != typed.strip() for each in fitting)
    if own:
        fitting = [*fitting[: MOST - 1], Project("", typed.strip())]
    return tuple(map(project_offer, fitting[:MOST]))


def project_offer(project: Project) -> Offer:
    """Name a project as people here call it."""
    if not project.name or len(project.name) > LONGEST_VALUE:
        return Offer(project.name or project.id, project.id)
    return Offer(project.name, project.name, f"project {project.id}")


def scenes_of(job: Job) -> tuple[Offer, ...]:
    """Offer the scenes of a build again, or none if one of them cannot be."""
    asked = job.request.scenes
    found = job.resolved.scenes if job.resolved else ()
    pairs = zip(asked, found or (Item("", name) for name in asked), strict=True)
    again = tuple(_again(typed, item) for typed, item in pairs)
    return again if all(len(each.value) <= LONGEST_VALUE for each in again) else ()


def branch_of(job: Job) -> Offer | None:
    """Offer the branch of a build again if it named one."""
    if job.request.branch is None:
        return None
    found = job.resolved.branch if job.resolved else None
    again = _again(job.request.branch, found or Item("", job.request.branch))
    return again if len(again.value) <= LONGEST_VALUE else None


def _again(typed: str, item: Item) -> Offer:
    # Who typed an id may have done so because others share the name.
    by_id = bool(item.id) and (typed == item.id or not _is_said(item.name))
    return Offer(item.name, item.id if by_id else item.name)


def _fitting(typed: str, items: Sequence[Item]) -> list[Item]:
    wanted = fold(typed)
    if not wanted:
        return list(items)
    ranks = {id(item): _rank(wanted, item) for item in items}
    fitting = [item for item in items if ranks[id(item)] < _UNFIT]
    return sorted(fitting, key=lambda item: ranks[id(item)])


def _rank(wanted: str, item: Item) -> int:
    name = _folded(item)
    fits = (
        name.startswith(wanted),
        f" {wanted}" in name,
        wanted in name,
        item.id.startswith(wanted),
    )
    return fits.index(True) if any(fits) else _UNFIT


def _offer(item: Item, meant: Counter[str]) -> Offer:
    """Let the name stand for itself, or the id where the name would not do."""
    plain = _plain(item.name)
    if plain and meant[plain] == 1 and _is_said(item.name):
        return Offer(item.name, item.name)
    return Offer(item.name, item.id, f"id {item.id}")


def _own(typed: str, fitting: Sequence[Item]) -> tuple[Offer, ...]:
    if not typed or len(typed) > LONGEST_VALUE:
        return ()
    wanted = fold(typed)
    if any(typed == item.id or wanted == _folded(item) for item in fitting):
        return ()
    return (Offer(typed, typed, "as typed"),)


def _folded(item: Item) -> str:
    return _fold(item.name[:_LOOKED_AT])


@lru_cache(maxsize=10_000)
def _fold(name: str) -> str:
    # The same names are gone through again for every letter.
    return fold(name)


def _is_said(name: str) -> bool:
    return len(name) <= LONGEST_VALUE and is_name(name)


def _plain(name: str) -> str:
    return " ".join(name.split())
