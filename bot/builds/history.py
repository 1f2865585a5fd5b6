"""Past builds as people ask for them: a list with its pages, the story of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.builds.job import ACTIVE, TERMINAL, Job, JobState

USUALLY_LISTED: Final = 10
MOST_LISTED: Final = 30
# What was rejected is between its asker and the bot: it is listed for them, when they ask for it.
OVER: Final = TERMINAL - {JobState.REJECTED}

STATES: Final[Mapping[str, frozenset[JobState]]] = {
    "running": ACTIVE,
    "queued": ACTIVE - {JobState.RUNNING},
    **{state.value: frozenset({state}) for state in JobState if state in TERMINAL},
}
"""What people can ask for by the word, and which states that means."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it was asked for: of a project, of one's own, or of the channel.

    `before` and `after` are the numbers of the builds between which a page lies.
    """

    project: str | None = None
    mine: bool = False
    state: str | None = None
    count: int = USUALLY_LISTED
    before: int | None = None
    after: int | None = None

    def __str__(self) -> str:
        """Write the list as the line that is read as the same list."""
        words = [self.project, "mine" if self.mine else None, self.state, str(self.count)]
        words += [f"before={self.before}" if self.before is not None else None]
        words += [f"after={self.after}" if self.after is not None else None]
        return " ".join(filter(None, words))

    @property
    def states(self) -> frozenset[JobState]:
        """Which states are listed; without a word for them, those that are over."""
        return OVER if self.state is None else STATES[self.state]


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first; the first one of every state also has what is under way."""

    listing: Listing
    listed: tuple[Job, ...]
    older: bool = False
    newer: bool = False
    running: tuple[Job, ...] = ()
    more_running: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """A move of a job; the first one is from nowhere."""

    at: datetime
    before: JobState | None
    after: JobState
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A job with every move it made."""

    job: Job
    events: tuple[Event, ...]
