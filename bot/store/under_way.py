"""What is under way already when something is asked for, and who may join it."""

from dataclasses import dataclass, replace
from typing import Self, TypeAlias

from bot.builds.job import Asker

Likeness: TypeAlias = tuple[str, str]
"""A team, and what makes two of its requests the same."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A job that others may join; with a `channel_id`, those alone who may look in there."""

    user_id: str
    channel_id: str | None
    job_id: int = 0

    def takes(self, asker: Asker) -> bool:
        """Say whether someone may be told of it where they ask."""
        return self.channel_id in {None, asker.channel_id} or self.user_id == asker.user_id


@dataclass(frozen=True, slots=True)
class Before:
    """What came before a group of wishes: jobs by intake key, jobs under way by likeness.

    `public` are those channels of the group that everyone may look into.
    """

    by_key: dict[str, int]
    under_way: dict[Likeness, list[UnderWay]]
    public: frozenset[str]

    def joinable(self, same: Likeness, asker: Asker) -> UnderWay | None:
        """Find the oldest job under way that someone may join."""
        return next((each for each in self.under_way.get(same, ()) if each.takes(asker)), None)

    def starts(self, same: Likeness, asker: Asker, job_id: int = 0) -> None:
        """Let those who come next join a job that begins now."""
        place = None if asker.channel_id in self.public else asker.channel_id
        self.under_way.setdefault(same, []).append(UnderWay(asker.user_id, place, job_id))

    def copy(self) -> Self:
        """Return the same, to which jobs can be added that may yet not begin."""
        return replace(self, under_way={same: [*all_] for same, all_ in self.under_way.items()})
