"""Absences: after more than a day away, one reply of a channel speaks for the others."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, update

from bot.builds.job import Job, JobState
from bot.builds.transition import NoticeKind
from bot.store.codec import job_from
from bot.store.engine import Database
from bot.store.tables import jobs, notices

LONG = timedelta(days=1)


class Absences:
    """Decides in the database which reply tells of which, so that every machine agrees."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def gather(self, notice_id: int, channel_id: str, now: datetime) -> bool:
        """Let a reply speak for all that wait with it; False while there may be more to say."""
        mine = select(notices.c.id).where(*_told_long_after(channel_id, now)).subquery()
        gathered = (
            update(notices)
            .where(
                notices.c.id.in_(select(mine.c.id)),
                notices.c.id != notice_id,
                notices.c.due_at.is_not(None),
                notices.c.lease_owner.is_(None),
                notices.c.posting_since.is_(None),
            )
            .values(told_in=notice_id, due_at=None)
        )

        def change(connection: Connection) -> bool:
            if connection.scalar(_still_to_come(notice_id, channel_id, now)):
                return False
            connection.execute(gathered)
            return True

        return await self._database.at_once(change, for_people=False)

    async def told_in(self, notice_id: int) -> list[Job]:
        """List the jobs of the other replies that a reply speaks for, in order."""
        theirs = select(notices.c.job_id).where(notices.c.told_in == notice_id)
        query = select(jobs).where(jobs.c.id.in_(theirs)).order_by(jobs.c.id)
        return [job_from(row) for row in await self._database.rows(query)]

    async def scatter(self, notice_id: int, now: datetime) -> None:
        """Let every reply speak for itself again, as the one for all was refused."""
        theirs = update(notices).where(notices.c.told_in == notice_id)
        await self._database.carry_out(theirs.values(told_in=None, due_at=now))


def _told_long_after(channel_id: str, now: datetime) -> list[ColumnElement[bool]]:
    """Say which replies wait for more than a day: below a card, in no thread of people's own."""
    ended = select(jobs.c.id).where(
        jobs.c.channel_id == channel_id,
        jobs.c.thread_ts.is_(None),
        jobs.c.finished_at < now - LONG,
    )
    card = notices.alias("card")
    stands = select(card.c.id).where(
        card.c.job_id == notices.c.job_id, card.c.kind == NoticeKind.CARD, card.c.ts.is_not(None)
    )
    return [
        notices.c.channel_id == channel_id,
        notices.c.kind == NoticeKind.REPLY,
        notices.c.ts.is_(None),
        notices.c.told_in.is_(None),
        notices.c.job_id.in_(ended),
        stands.correlate(notices).exists(),
    ]


def _still_to_come(notice_id: int, channel_id: str, now: datetime) -> Select[tuple[int]]:
    """Count builds that nobody has looked at since, and earlier replies that another holds."""
    unseen = select(func.count().label("number")).where(
        jobs.c.channel_id == channel_id,
        jobs.c.state == JobState.RUNNING,
        jobs.c.thread_ts.is_(None),
        jobs.c.started_at < now - LONG,
        jobs.c.due_at.is_not(None),
    )
    held = select(func.count().label("number")).where(
        *_told_long_after(channel_id, now),
        notices.c.id < notice_id,
        or_(
            and_(notices.c.lease_owner.is_not(None), notices.c.lease_until > now),
            notices.c.posting_since.is_not(None),
        ),
    )
    return select(unseen.scalar_subquery() + held.scalar_subquery())
