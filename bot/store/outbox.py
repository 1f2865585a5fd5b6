"""The outbox: what users must be told, claimed by one, told once."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, case, func, literal, select

from bot.builds.job import Job
from bot.builds.transition import NoticeKind
from bot.store import lanes, next_notice, wanted
from bot.store.engine import Database
from bot.store.next_notice import IS_PROGRESS
from bot.store.notice import Notice, notice_from
from bot.store.settling import settle, settle_and_release
from bot.store.tables import notices
from bot.store.topics import NOTICE

T = TypeVar("T")
_EDITED = (NoticeKind.CARD, NoticeKind.TAKEN, NoticeKind.NUDGE)
# With more of them each would be told every ten minutes, and all would be in the way of a claim.
MOST_AGES = 250


class Outbox:
    """The one door to the notices; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring

    async def next_due(self) -> datetime | None:
        """Say when the next notice can be claimed; a lease or a closed lane postpones it."""
        return await self._database.look(next_notice.next_due)

    async def claim(self, owner: str, now: datetime) -> Notice | None:
        """Take the lease of the most urgent due notice whose lane is open, and its turn there."""
        return await self._do(partial(next_notice.claim, owner=owner, now=now))

    async def card_of(self, job_id: int) -> Notice | None:
        """Read a job's card as Slack shows it."""
        card = select(notices).where(notices.c.job_id == job_id, notices.c.kind == NoticeKind.CARD)
        row = await self._database.look(
            lambda connection: connection.execute(card).mappings().one_or_none()
        )
        return notice_from(row, row["created_at"]) if row else None

    async def stands_at(self, post_id: int) -> str | None:
        """Say at which ts a post stands, if it does."""
        query = select(notices.c.ts).where(
            notices.c.post_id == post_id, notices.c.kind == NoticeKind.POST
        )
        return await self._database.look(lambda connection: connection.scalar(query))

    async def job_of_card(self, channel_id: str, ts: str) -> int | None:
        """Say which job's card a message is, if any's."""
        card = select(notices.c.job_id).where(
            notices.c.kind == NoticeKind.CARD,
            notices.c.channel_id == channel_id,
            notices.c.ts == ts,
        )
        return await self._database.look(lambda connection: connection.scalar(card))

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
        await self._release(notice, values, now)

    async def _tells_enough(self) -> bool:
        telling = select(func.count()).where(notices.c.due_at.is_not(None), IS_PROGRESS)
        told = await self._database.look(lambda connection: connection.scalar(telling))
        return (told or 0) >= MOST_AGES

    async def found(self, notice: Notice, ts: str, now: datetime) -> None:
        """Adopt what an earlier attempt has posted; what is edited shows the world as it was."""
        as_it_was = notice.kind is NoticeKind.NUDGE and notice.wanted == 1
        if as_it_was or notice.kind not in _EDITED:
            await self.shown(notice, ts, now)
            return
        values: dict[str, object] = {"ts": ts, "undeliverable": None, "lane": lanes.UPDATES}
        await self._release(notice, values, now)

    async def missing(self, notice: Notice) -> None:
        """Note that no earlier attempt got through: it is to be posted, in its turn."""
        values = {"attempts": notice.attempts, "tried_since": notices.c.tried_since}
        await self._settle(notice, values)

    async def leave(self, notice: Notice, now: datetime) -> None:
        """Leave it in doubt for good: rather never than twice."""
        values: dict[str, object] = {
            "undeliverable": "in_doubt",
            "due_at": None,
            "posting_since": notice.in_doubt_since,
        }
        await self._release(notice, values, now)

    async def postpone(self, notice: Notice, until: datetime, *, in_doubt: bool) -> None:
        """Try again later; in doubt, the earlier attempt is looked for first."""
        values: dict[str, object] = {"due_at": until, "attempts": notice.attempts}
        values["tried_since"] = notices.c.tried_since
        if in_doubt:
            values["posting_since"] = notices.c.posting_since
        await self._settle(notice, values)

    async def hold(self, notice: Notice, until: datetime) -> None:
        """Close the notice's lane until Slack takes messages there again.

        This attempt left nothing behind; an earlier one that is in doubt stays so.
        """
        # It stays due since when it was: others in the lane must not overtake it.
        values: dict[str, object] = {
            "posting_since": notice.in_doubt_since,
            "tried_since": notices.c.tried_since,
        }

        def change(connection: Connection) -> None:
            settle(connection, notice, values)
            lanes.close(connection, notice.lane, until)

        await self._do(change)

    async def give_up(self, notice: Notice, error: str) -> None:
        """Note that Slack refuses this for good; nobody need be told, or they have been."""
        await self._settle(notice, {"undeliverable": error, "due_at": None})
        self._ring(NOTICE)

    async def refuse(
        self, notice: Notice, job: Job, error: str, now: datetime, *, tell: bool = True
    ) -> None:
        """Note that Slack refuses this for good; of a card the asker is told, if they need be."""
        values: dict[str, object] = {"undeliverable": error, "due_at": None}

        def change(connection: Connection) -> None:
            settled = settle_and_release(connection, notice, values, now)
            if settled and notice.kind is NoticeKind.CARD and tell:
                wanted.want_once(connection, job, NoticeKind.ANSWER, now)

        await self._do(change)
        self._ring(NOTICE)

    async def quieten(self, job_id: int, now: datetime) -> None:
        """Take the question off a job's nudge, however often it is answered."""
        await self._do(partial(wanted.quieten, job_id=job_id, now=now))
        self._ring(NOTICE)

    async def backlog(self) -> tuple[int, datetime | None]:
        """Count the notices that are due, and say since when the oldest one waits.

        The age of what runs is nothing that anyone waits for.
        """
        query = select(func.count(), func.min(notices.c.due_at)).where(
            notices.c.due_at.is_not(None), ~IS_PROGRESS
        )
        count, oldest = await self._database.look(
            lambda connection: connection.execute(query).one()
        )
        return count, oldest

    async def prune_lanes(self, before: datetime) -> None:
        """Forget lanes that have long been open."""
        await self._do(partial(lanes.prune, before=before))

    async def _settle(self, notice: Notice, values: dict[str, object]) -> None:
        await self._do(partial(settle, notice=notice, values=values))

    async def _release(self, notice: Notice, values: dict[str, object], now: datetime) -> None:
        await self._do(partial(settle_and_release, notice=notice, values=values, now=now))
        self._ring(NOTICE)

    async def _do(self, change: Callable[[Connection], T]) -> T:
        return await self._database.at_once(change, for_people=False)
