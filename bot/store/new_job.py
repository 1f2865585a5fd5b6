"""A job as it is asked for, and the row that it begins as."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.builds.job import Asker, JobKind, JobState
from bot.builds.request import BuildRequest
from bot.store.codec import dump_person, dump_request, likeness
from bot.store.under_way import Likeness


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a listener asks for. `intake_key` is the same however often Slack delivers it.

    A request that means a build under way joins it, unless it is wanted `anyway` or once more.
    """

    intake_key: str
    request: BuildRequest
    asker: Asker
    patience: timedelta
    kind: JobKind = JobKind.BUILD
    retry_of: int | None = None
    anyway: bool = False

    @property
    def may_join(self) -> bool:
        """Whether someone else's build of the same will do."""
        return not self.anyway and self.retry_of is None


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A job that is asked for now; two deliveries of the same are two."""

    new: NewJob
    now: datetime
    likeness: Likeness


def asked(new: NewJob, now: datetime) -> Asked:
    """Note when a job was asked for, and what another request has to be to mean the same."""
    return Asked(new, now, (new.asker.team_id, likeness(new.kind, new.request)))


def row_of(wish: Asked) -> dict[str, object]:
    """Write the row of what is asked for."""
    new, now, asker = wish.new, wish.now, wish.new.asker
    return {
        "kind": new.kind,
        "state": JobState.ACCEPTED,
        "intake_key": new.intake_key,
        **dump_person(asker),
        "thread_ts": asker.thread_ts,
        "response_url": asker.response_url,
        "project": new.request.project,
        "request": dump_request(new.request),
        "likeness": wish.likeness[1],
        "retry_of": new.retry_of,
        "accepted_at": now,
        "deadline_at": now + new.patience,
        "due_at": now,
    }
