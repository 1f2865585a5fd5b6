"""What changed on a branch between two builds."""

from collections.abc import Sequence
from typing import Final, Protocol

from bot.builds.job import Change, Changes

LISTED: Final = 10
_NOBODY: Final = "someone"
_MAIN: Final = frozenset({"main", "master"})


class Checkpoint(Protocol):
    """A commit on a branch, as PlayCanvas tells it."""

    @property
    def id(self) -> str:
        """The id."""

    @property
    def author(self) -> str | None:
        """Who made it."""

    @property
    def description(self) -> str:
        """What they wrote, of any number of lines."""


def is_main(branch_name: str) -> bool:
    """Say whether a branch is the one that is built when none is named."""
    return branch_name.strip().casefold() in _MAIN


def changes_since(
    job_id: int, checkpoint_id: str, newest_first: Sequence[Checkpoint]
) -> Changes | None:
    """List the checkpoints that came after the one an earlier job was built from.

    None when nothing came after it. Without it among them only the newest are known.
    """
    ids = [each.id for each in newest_first]
    uncounted = checkpoint_id not in ids
    count = len(ids) if uncounted else ids.index(checkpoint_id)
    if not count:
        return None
    listed = tuple(
        Change(each.author or _NOBODY, _first_line(each.description))
        for each in newest_first[: min(count, LISTED)]
    )
    return Changes(job_id, listed, more=count - len(listed), uncounted=uncounted)


def _first_line(description: str) -> str:
    lines = (line.strip() for line in description.splitlines())
    return next(filter(None, lines), "no description")
