"""Posts: builds that are offered to everyone, and who took a link of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.builds.build_facts import BuildFacts
from bot.builds.job import Asker
from bot.builds.link_request import LinkRequest

# More than any number of ours has, fewer than a database refuses.
_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Post:
    """What everyone is offered: links to one build, its facts as they were when asked for."""

    id: int
    request: LinkRequest
    facts: BuildFacts
    asker: Asker
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """What a button stands under: a job's card, a post, or neither."""

    job_id: int | None = None
    post_id: int | None = None


NOWHERE: Final = Origin()


@dataclass(frozen=True, slots=True)
class Taken:
    """Someone was shown a link of their own."""

    user_id: str
    at: datetime


def pressed(value: str) -> tuple[Origin, str]:
    """Read where a button stands, and what it asks for: what `offer` wrote."""
    place, _, asked = value.partition(" ")
    kind, _, number = place.partition("-")
    if kind not in {"job", "post"} or not (number.isdecimal() and len(number) <= _MOST_DIGITS):
        return NOWHERE, value
    return (Origin(job_id=int(number)) if kind == "job" else Origin(post_id=int(number))), asked


def offer(origin: Origin, request: LinkRequest) -> str:
    """Write what a button carries."""
    if origin.job_id is not None:
        return f"job-{origin.job_id} {request}"
    return f"post-{origin.post_id} {request}"
