"""The scenes and the branches of a project, as a list for one person."""

from collections import Counter
from collections.abc import Sequence

from bot.builds.errand import ListBranches, ListScenes
from bot.builds.job import Item
from bot.builds.names import fold
from bot.slack.messages.listing import listing
from bot.slack.messages.message import Message, message
from bot.slack.messages.projects_usage import called, code
from bot.slack.messages.words import name

_LONGEST_ID = 60


def scenes(asked: ListScenes, found: Sequence[Item]) -> Message:
    """List scenes with their ids: some share a name."""
    whose = called(asked.alias, asked.project)
    where = f"{whose}, branch {code(asked.branch)}" if asked.branch else whose
    if not found:
        return message(f"There are no scenes in {where}.")
    rows = [_row(scene, with_id=True) for scene in _sorted(found)]
    return listing(f"{_counted(len(found), 'scene', 'scenes')} in {where}:", rows)


def branches(asked: ListBranches, found: Sequence[Item]) -> Message:
    """List open branches, with their ids where names alone do not tell them apart."""
    whose = called(asked.alias, asked.project)
    if not found:
        return message(f"There are no open branches in {whose}.")
    spelt = Counter(_shown(branch) for branch in found)
    rows = [_row(branch, with_id=spelt[_shown(branch)] > 1) for branch in _sorted(found)]
    return listing(f"{_counted(len(found), 'open branch', 'open branches')} in {whose}:", rows)


def _row(item: Item, *, with_id: bool) -> str:
    with_its_id = f" · id {name(item.id, _LONGEST_ID)}" if with_id else ""
    return f"• {_shown(item)}{with_its_id}"


def _shown(item: Item) -> str:
    return code(item.name)


def _sorted(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (fold(item.name), item.id))


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
