"""Rights: who may start builds, change what everyone uses, stop what others asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

Members: TypeAlias = Mapping[str, frozenset[str]]
"""The people of each user group, as far as they are known."""

NOBODY_KNOWN: Final[Members] = {}
_GROUP: Final = "S"


class Right(StrEnum):
    """What someone wants to do; all but the first are for admins."""

    BUILD = "build"  # start, retry, archive, watch again
    CHANGE = "change"  # short names and their defaults: everything that others see as well
    STOP = "stop"  # what someone else asked for; what is one's own needs no right
    AUDIT = "audit"  # read who did what


class Lack(StrEnum):
    """What is in the way."""

    PLACE = "place"  # builds are started elsewhere
    PERSON = "person"  # someone else may
    GROUP = "group"  # it is not known yet who is in a user group


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: where it may be done, or which groups are unknown, and who can be asked."""

    right: Right
    lack: Lack
    named: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """The rules: ids of channels, and of people or user groups (S…); empty means everyone.

    Who may build: everyone, or those in `people` and the admins, in one of `channels`. Admins are
    those in `admins`; without any, everyone who may build, wherever they are.
    """

    channels: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()

    @property
    def groups(self) -> frozenset[str]:
        """The user groups whose members have to be known."""
        return frozenset(each for each in self.people | self.admins if each.startswith(_GROUP))

    def refusal(
        self, right: Right, user_id: str, channel_id: str, members: Members = NOBODY_KNOWN
    ) -> Refusal | None:
        """Say why someone may not do something there; None when they may.

        A group that is unknown lets nobody in.
        """
        if right is Right.BUILD and self.channels and channel_id not in self.channels:
            return Refusal(right, Lack.PLACE, tuple(sorted(self.channels)))
        listed = self._listed(right)
        if not listed or user_id in listed:
            return None
        groups = [each for each in sorted(listed) if each.startswith(_GROUP)]
        if any(user_id in members.get(group, ()) for group in groups):
            return None
        unknown = tuple(group for group in groups if group not in members)
        lack = Lack.GROUP if unknown else Lack.PERSON
        admins = (each for each in sorted(self.admins) if not each.startswith(_GROUP))
        return Refusal(right, lack, unknown, tuple(admins))

    def _listed(self, right: Right) -> frozenset[str]:
        """List who has a right; empty means everyone."""
        if right is Right.BUILD:
            return self.people | self.admins if self.people else frozenset()
        return self.admins or self.people
