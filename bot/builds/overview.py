"""The overview: what one person's App Home is about."""

from dataclasses import dataclass

from bot.builds.job import Job
from bot.builds.projects import Project


@dataclass(frozen=True, slots=True)
class Offer:
    """A project by its short name, and the scenes of its last good build, else one seen in it."""

    project: Project
    scenes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What is under way, in order of asking, what one person built, newest first, the projects.

    The `more_` numbers count what is not listed.
    """

    running: tuple[Job, ...] = ()
    more_running: int = 0
    recent: tuple[Job, ...] = ()
    offers: tuple[Offer, ...] = ()
    more_offers: int = 0
