"""Whose turn is next in the outbox: the most urgent notice whose lane is open."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, case, func, or_, select, update

from bot.builds.transition import NoticeKind
from bot.store import lanes, leases, wanted
from bot.store.notice import Notice, notice_from
from bot.store.settling import settle
from bot.store.tables import lanes as lane_rows
from bot.store.tables import notices

# Long enough for the slowest call to Slack, or a slow post could land after the look-up.
LEASE = timedelta(seconds=45)
# Where others wait, the age of what runs is not told, and this long not thought of either.
_GIVES_WAY = timedelta(seconds=5)
# What may be there is looked for before anything else, at the pace of look-ups.
_IN_DOUBT = and_(
    notices.c.posting_since.is_not(None),
    notices.c.ts.is_(None),
    notices.c.kind != NoticeKind.ANSWER,
)
IS_PROGRESS = notices.c.urgency == wanted.PROGRESS
_LANE = case((_IN_DOUBT, lanes.LOOK_UPS), (IS_PROGRESS, lanes.PROGRESS), else_=notices.c.lane)
_IN_LANES = notices.outerjoin(lane_rows, lane_rows.c.name == _LANE)
_FREE_AT = func.coalesce(notices.c.lease_until, notices.c.due_at)
_OPENS_AT = func.coalesce(lane_rows.c.opens_at, _FREE_AT)
_NEXT_DUE = (
    select(func.min(case((_FREE_AT > _OPENS_AT, _FREE_AT), else_=_OPENS_AT)))
    .select_from(_IN_LANES)
    .where(notices.c.due_at.is_not(None))
)
_CLAIM = leases.claiming(
    notices,
    leases.due(notices)
    .select_from(_IN_LANES)
    .where(or_(lane_rows.c.opens_at.is_(None), lane_rows.c.opens_at <= leases.NOW))
    .order_by(notices.c.urgency, notices.c.due_at, notices.c.id),
    attempts=notices.c.attempts + 1,
    # From here on the message may be there, whatever becomes of this process.
    posting_since=func.coalesce(notices.c.posting_since, leases.NOW),
    tried_since=func.coalesce(notices.c.tried_since, leases.NOW),
)


def next_due(connection: Connection) -> datetime | None:
    """Say when the next notice can be claimed; a lease or a closed lane postpones it."""
    at: datetime | None = connection.scalar(_NEXT_DUE)
    return at


def claim(connection: Connection, owner: str, now: datetime) -> Notice | None:
    """Take the lease of the next notice, and its turn in its lane."""
    row = leases.take(connection, _CLAIM, owner, now, LEASE)
    if row is None:
        return None
    notice, is_progress = notice_from(row, now), row["urgency"] == wanted.PROGRESS
    if is_progress and _others_wait(connection, notice, now):
        _give_way(connection, notice, now + _GIVES_WAY)
        return None
    if notice.in_doubt_since is not None and notice.kind is not NoticeKind.ANSWER:
        notice = replace(notice, lane=lanes.LOOK_UPS)
    elif is_progress:
        notice = replace(notice, lane=lanes.PROGRESS)
    if not lanes.enter(connection, notice.lane, now):
        connection.rollback()
        return None
    return notice


def _others_wait(connection: Connection, notice: Notice, now: datetime) -> bool:
    """Say whether anything else waits for its turn in the same channel."""
    waiting = leases.due(notices).where(notices.c.channel_id == notice.channel_id, ~IS_PROGRESS)
    return connection.scalar(waiting.limit(1), {"now": now}) is not None


def _give_way(connection: Connection, notice: Notice, until: datetime) -> None:
    """Put off what runs in a channel; one that someone is at just now is left alone."""
    theirs = select(notices.c.id).where(
        notices.c.channel_id == notice.channel_id,
        IS_PROGRESS,
        notices.c.due_at <= until,
        notices.c.lease_owner.is_(None),
    )
    aside = theirs.with_for_update(skip_locked=True).cte("aside")
    later = update(notices).where(notices.c.id.in_(select(aside.c.id)))
    connection.execute(later.values(due_at=until))
    settle(connection, notice, {"due_at": until, "attempts": notice.attempts - 1})
