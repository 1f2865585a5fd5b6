"""A notice as a worker has it in hand, read from its row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping

from bot.builds.transition import NoticeKind

# A clock that was put right was rarely wrong by more.
_CLOCK_SET_BACK = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a user must be told, about a job or a post.

    `in_doubt_since`: an earlier attempt may have got through; `tried_since`: the first of the
    attempts that have had no answer; `lane`: where this attempt takes its turn; `claimed_at`: since
    when its lease runs.
    """

    id: int
    job_id: int | None
    post_id: int | None
    kind: NoticeKind
    key: str
    channel_id: str
    lane: str
    wanted: int
    created_at: datetime
    attempts: int
    in_doubt_since: datetime | None
    tried_since: datetime
    ts: str | None
    undeliverable: str | None
    lease_owner: str | None
    claimed_at: datetime


def notice_from(row: RowMapping, now: datetime) -> Notice:
    """Read a notice that is claimed `now`."""
    since = row["posting_since"]
    return Notice(
        id=row["id"],
        job_id=row["job_id"],
        post_id=row["post_id"],
        kind=NoticeKind(row["kind"]),
        key=row["key"],
        channel_id=row["channel_id"],
        lane=row["lane"],
        wanted=row["wanted"],
        created_at=row["created_at"],
        attempts=row["attempts"],
        in_doubt_since=_in_the_past(since, now) if since != now and not row["ts"] else None,
        tried_since=row["tried_since"] or now,
        ts=row["ts"],
        undeliverable=row["undeliverable"],
        lease_owner=row["lease_owner"],
        claimed_at=now,
    )


def _in_the_past(since: datetime | None, now: datetime) -> datetime | None:
    """Move what was written by a clock since set back far enough for the message to be found."""
    return since if since is None or since < now else now - _CLOCK_SET_BACK
