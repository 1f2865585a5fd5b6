"""The outbox: what users must be told, claimed by one, told once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, Select, and_, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.builds.job import Job
from bot.builds.transition import NoticeKind
from bot.store import lanes, wanted
from bot.store.engine import Database
from bot.store.tables import lanes as lane_rows
from bot.store.tables import notices
from bot.store.topics import NOTICE

# Long enough for the slowest call to Slack, or a slow post could land after the look-up.
LEASE = timedelta(seconds=45)
_EDITED = (NoticeKind.CARD, NoticeKind.TAKEN, NoticeKind.NUDGE)
# What may be there is looked for before anything else, at the pace of look-ups.
_IN_DOUBT = and_(
    notices.c.posting_since.is_not(None),
    notices.c.ts.is_(None),
    notices.c.kind != NoticeKind.ANSWER,
)
_IS_PROGRESS = notices.c.urgency == wanted.PROGRESS
_LANE = case((_IN_DOUBT, lanes.LOOK_UPS), (_IS_PROGRESS, lanes.PROGRESS), else_=notices.c.lane)
# Where others wait, the age of what runs is not told, and this long not thought of either.
_GIVES_WAY = timedelta(seconds=5)
# With more of them each would be told every ten minutes, and all would be in the way of a claim.
MOST_AGES = 250
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


class Outbox:
    """The one door to the notices; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring

    async def next_due(self) -> datetime | None:
        """Say when the next notice can be claimed; a lease or a closed lane postpones it."""
        free_at = func.coalesce(notices.c.lease_until, notices.c.due_at)
        opens_at = func.coalesce(lane_rows.c.opens_at, free_at)
        at = func.min(case((free_at > opens_at, free_at), else_=opens_at))
        query = (
            select(at)
            .select_from(notices.outerjoin(lane_rows, lane_rows.c.name == _LANE))
            .where(notices.c.due_at.is_not(None))
        )
        return await self._database.look(lambda connection: connection.scalar(query))

    async def claim(self, owner: str, now: datetime) -> Notice | None:
        """Take the lease of the most urgent due notice whose lane is open, and its turn there."""
        due = _due(now).with_for_update(skip_locked=True, of=notices).cte("due")
        claimed = (
            update(notices)
            .where(notices.c.id.in_(select(due.c.id)))
            .values(
                lease_owner=owner,
                lease_until=now + LEASE,
                attempts=notices.c.attempts + 1,
                # From here on the message may be there, whatever becomes of this process.
                posting_since=func.coalesce(notices.c.posting_since, now),
                tried_since=func.coalesce(notices.c.tried_since, now),
            )
            .returning(notices)
        )
        async with self._database.write() as connection:
            row = (await connection.execute(claimed)).mappings().one_or_none()
            if row is None:
                return None
            notice = _notice_from(row, now)
            if row["urgency"] == wanted.PROGRESS:
                notice = replace(notice, lane=lanes.PROGRESS)
                if await _others_wait(connection, notice, now):
                    await _give_way(connection, notice, now + _GIVES_WAY)
                    return None
            if notice.in_doubt_since is not None and notice.kind is not NoticeKind.ANSWER:
                notice = replace(notice, lane=lanes.LOOK_UPS)
            if not await lanes.enter(connection, notice.lane, now):
                await connection.rollback()
                return None
        return notice

    async def card_of(self, job_id: int) -> Notice | None:
        """Read a job's card as Slack shows it."""
        card = select(notices).where(notices.c.job_id == job_id, notices.c.kind == NoticeKind.CARD)
        async with self._database.read() as connection:
            row = (await connection.execute(card)).mappings().one_or_none()
        return _notice_from(row, row["created_at"]) if row else None

    async def stands_at(self, post_id: int) -> str | None:
        """Say at which ts a post stands, if it does."""
        query = select(notices.c.ts).where(
            notices.c.post_id == post_id, notices.c.kind == NoticeKind.POST
        )
        async with self._database.read() as connection:
            return await connection.scalar(query)

    async def job_of_card(self, channel_id: str, ts: str) -> int | None:
        """Say which job's card a message is, if any's."""
        card = select(notices.c.job_id).where(
            notices.c.kind == NoticeKind.CARD,
            notices.c.channel_id == channel_id,
            notices.c.ts == ts,
        )
        async with self._database.read() as connection:
            return await connection.scalar(card)

    async def shown(
        self, notice: Notice, ts: str | None, now: datetime, *, again_at: datetime | None = None
    ) -> None:
        """Note what Slack shows now; what was wanted meanwhile stays due.

        `again_at`: when what it shows of a running job's age is no longer true.
        """
        if again_at is not None and await self._tells_enough():
            again_at = None
        newer = notices.c.wanted > notice.wanted
        after = literal(again_at, notices.c.due_at.type)
        values: dict[str, object] = {
            "ts": ts,
            "shown": notice.wanted,
            "undeliverable": None,
            "due_at": case((newer, notices.c.due_at), else_=after),
        }
        if again_at is not None:
            values["urgency"] = case((newer, notices.c.urgency), else_=wanted.PROGRESS)
        if notice.kind in _EDITED:
            values["lane"] = lanes.UPDATES
        async with self._database.write() as connection:
            settled = await _settle(connection, notice, values)
            if settled and notice.kind is NoticeKind.CARD and notice.job_id is not None:
                await connection.run_sync(wanted.release_reply, notice.job_id, now)
        self._ring(NOTICE)

    async def _tells_enough(self) -> bool:
        telling = select(func.count()).where(notices.c.due_at.is_not(None), _IS_PROGRESS)
        async with self._database.read() as connection:
            return (await connection.scalar(telling) or 0) >= MOST_AGES

    async def found(self, notice: Notice, ts: str, now: datetime) -> None:
        """Adopt what an earlier attempt has posted; what is edited shows the world as it was."""
        as_it_was = notice.kind is NoticeKind.NUDGE and notice.wanted == 1
        if as_it_was or notice.kind not in _EDITED:
            await self.shown(notice, ts, now)
            return
        values: dict[str, object] = {"ts": ts, "undeliverable": None, "lane": lanes.UPDATES}
        async with self._database.write() as connection:
            settled = await _settle(connection, notice, values)
            if settled and notice.kind is NoticeKind.CARD and notice.job_id is not None:
                await connection.run_sync(wanted.release_reply, notice.job_id, now)
        self._ring(NOTICE)

    async def quieten(self, job_id: int, now: datetime) -> None:
        """Take the question off a job's nudge, however often it is answered."""
        async with self._database.write() as connection:
            await connection.run_sync(wanted.quieten, job_id, now)
        self._ring(NOTICE)

    async def missing(self, notice: Notice) -> None:
        """Note that no earlier attempt got through: it is to be posted, in its turn."""
        async with self._database.write() as connection:
            values = {"attempts": notice.attempts, "tried_since": notices.c.tried_since}
            await _settle(connection, notice, values)

    async def leave(self, notice: Notice, now: datetime) -> None:
        """Leave it in doubt for good: rather never than twice."""
        values: dict[str, object] = {
            "undeliverable": "in_doubt",
            "due_at": None,
            "posting_since": notice.in_doubt_since,
        }
        async with self._database.write() as connection:
            settled = await _settle(connection, notice, values)
            if settled and notice.kind is NoticeKind.CARD and notice.job_id is not None:
                await connection.run_sync(wanted.release_reply, notice.job_id, now)
        self._ring(NOTICE)

    async def postpone(self, notice: Notice, until: datetime, *, in_doubt: bool) -> None:
        """Try again later; in doubt, the earlier attempt is looked for first."""
        values: dict[str, object] = {"due_at": until, "attempts": notice.attempts}
        values["tried_since"] = notices.c.tried_since
        if in_doubt:
            values["posting_since"] = notices.c.posting_since
        async with self._database.write() as connection:
            await _settle(connection, notice, values)

    async def hold(self, notice: Notice, until: datetime) -> None:
        """Close the notice's lane until Slack takes messages there again.

        This attempt left nothing behind; an earlier one that is in doubt stays so.
        """
        # It stays due since when it was: others in the lane must not overtake it.
        values: dict[str, object] = {
            "posting_since": notice.in_doubt_since,
            "tried_since": notices.c.tried_since,
        }
        async with self._database.write() as connection:
            await _settle(connection, notice, values)
            await lanes.close(connection, notice.lane, until)

    async def give_up(self, notice: Notice, error: str) -> None:
        """Note that Slack refuses this for good; nobody need be told, or they have been."""
        async with self._database.write() as connection:
            await _settle(connection, notice, {"undeliverable": error, "due_at": None})
        self._ring(NOTICE)

    async def refuse(
        self, notice: Notice, job: Job, error: str, now: datetime, *, tell: bool = True
    ) -> None:
        """Note that Slack refuses this for good; of a card the asker is told, if they need be."""
        async with self._database.write() as connection:
            values: dict[str, object] = {"undeliverable": error, "due_at": None}
            settled = await _settle(connection, notice, values)
            if settled and notice.kind is NoticeKind.CARD:
                await connection.run_sync(wanted.release_reply, job.id, now)
                if tell:
                    await connection.run_sync(wanted.want_once, job, NoticeKind.ANSWER, now)
        self._ring(NOTICE)

    async def backlog(self) -> tuple[int, datetime | None]:
        """Count the notices that are due, and say since when the oldest one waits.

        The age of what runs is nothing that anyone waits for.
        """
        query = select(func.count(), func.min(notices.c.due_at)).where(
            notices.c.due_at.is_not(None), ~_IS_PROGRESS
        )
        async with self._database.read() as connection:
            count, oldest = (await connection.execute(query)).one()
        return count, oldest

    async def prune_lanes(self, before: datetime) -> None:
        """Forget lanes that have long been open."""
        async with self._database.write() as connection:
            await lanes.prune(connection, before)


def _due(now: datetime) -> Select[tuple[int]]:
    return (
        select(notices.c.id)
        .select_from(notices.outerjoin(lane_rows, lane_rows.c.name == _LANE))
        .where(
            notices.c.due_at <= now,
            or_(notices.c.lease_until.is_(None), notices.c.lease_until < now),
            or_(lane_rows.c.opens_at.is_(None), lane_rows.c.opens_at <= now),
        )
        .order_by(notices.c.urgency, notices.c.due_at, notices.c.id)
        .limit(1)
    )


async def _others_wait(connection: AsyncConnection, notice: Notice, now: datetime) -> bool:
    """Say whether anything else waits for its turn in the same channel."""
    waiting = select(notices.c.id).where(
        notices.c.due_at <= now,
        notices.c.channel_id == notice.channel_id,
        ~_IS_PROGRESS,
        or_(notices.c.lease_until.is_(None), notices.c.lease_until < now),
    )
    return await connection.scalar(waiting.limit(1)) is not None


async def _give_way(connection: AsyncConnection, notice: Notice, until: datetime) -> None:
    """Put off what runs in a channel; one that someone is at just now is left alone."""
    theirs = select(notices.c.id).where(
        notices.c.channel_id == notice.channel_id,
        _IS_PROGRESS,
        notices.c.due_at <= until,
        notices.c.lease_owner.is_(None),
    )
    aside = theirs.with_for_update(skip_locked=True).cte("aside")
    later = update(notices).where(notices.c.id.in_(select(aside.c.id)))
    await connection.execute(later.values(due_at=until))
    await _settle(connection, notice, {"due_at": until, "attempts": notice.attempts - 1})


async def _settle(connection: AsyncConnection, notice: Notice, values: dict[str, object]) -> bool:
    """Write how an attempt went and give the lease back; False when someone else took over."""
    over: dict[str, object] = {"lease_owner": None, "lease_until": None, "posting_since": None}
    over |= {"tried_since": None, "attempts": 0}
    held = update(notices).where(
        notices.c.id == notice.id, notices.c.lease_owner == notice.lease_owner
    )
    return bool((await connection.execute(held.values(over | values))).rowcount)


def _notice_from(row: RowMapping, now: datetime) -> Notice:
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
