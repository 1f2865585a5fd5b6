"""Install links in the database: asked for once, claimed by one, over once; never the link."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Connection, func, select

from bot.builds.link_post import Origin, Taken
from bot.builds.transition import NoticeKind
from bot.store import leases, once, wanted
from bot.store.engine import Database
from bot.store.link import Link, LinkState, NewLink, link_from, row_of
from bot.store.once import Added
from bot.store.tables import links
from bot.store.topics import LINK, NOTICE

# Longer than everything that the linker does under it: see the time-outs there.
LEASE = timedelta(seconds=55)
_CLAIM = leases.claiming(links, version=links.c.version + 1)


class Links:
    """The one door to the links; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring

    async def add(self, new: NewLink, now: datetime) -> Added:
        """Take a wish; return after the commit. A repeat finds the link of its first time."""
        taken = partial(once.take, table=links, row=row_of(new, now))
        added = await self._database.at_once(taken)
        self._ring(LINK)
        return added

    async def next_due(self) -> datetime | None:
        """Say when the next link can be claimed; a lease postpones it."""
        return await leases.next_due(self._database, links)

    async def claim(self, owner: str, now: datetime) -> Link | None:
        """Take the lease of the link that is most due."""
        row = await leases.claim(self._database, _CLAIM, owner, now, LEASE)
        return link_from(row) if row else None

    async def postpone(self, link: Link, until: datetime, *, told_at: datetime | None) -> bool:
        """Try again later; `told_at` when the asker has just heard that it takes longer."""
        values: dict[str, object] = {"due_at": until, "attempts": link.attempts + 1}
        if told_at is not None:
            values["told_at"] = told_at
        return await self._database.at_once(
            partial(_settle, link=link, values=values), for_people=False
        )

    async def finish(self, link: Link, state: LinkState, outcome: str, now: datetime) -> bool:
        """Note how it ended and forget how the asker was reached; one more is listed as taken."""

        def change(connection: Connection) -> bool:
            settled = end(connection, link, state, outcome, now)
            if settled and state is LinkState.SERVED:
                _list_taken(connection, link, now)
            return settled

        settled = await self._database.at_once(change, for_people=False)
        self._ring(NOTICE)
        return settled

    async def count(self) -> dict[str, int]:
        """Count the links in each state."""
        query = select(links.c.state, func.count().label("number")).group_by(links.c.state)
        return {row["state"]: row["number"] for row in await self._database.rows(query)}

    async def taken(self, origin: Origin) -> tuple[Taken, ...]:
        """List who took a link under a job's card or a post, in their order."""
        under = _under(origin)
        query = (
            select(links.c.user_id, links.c.ended_at)
            .where(under, links.c.state == LinkState.SERVED)
            .order_by(links.c.ended_at, links.c.id)
        )
        rows = await self._database.rows(query)
        return tuple(Taken(row["user_id"], row["ended_at"]) for row in rows)


def end(connection: Connection, link: Link, state: LinkState, outcome: str, now: datetime) -> bool:
    """Write how a link ended, in a transaction; False when someone else took over."""
    values = {
        "state": state,
        "outcome": outcome,
        "ended_at": now,
        "due_at": None,
        "response_url": None,
    }
    return _settle(connection, link, values)


def _settle(connection: Connection, link: Link, values: dict[str, object]) -> bool:
    held = leases.held(links, link.id, link.lease_owner).where(links.c.version == link.version)
    over = leases.GIVEN_BACK | {"version": links.c.version + 1}
    return bool(connection.execute(held.values(over | values)).rowcount)


def _list_taken(connection: Connection, link: Link, now: datetime) -> None:
    """Have the list in the message's thread brought up to date."""
    about = {"job_id": link.origin.job_id, "post_id": link.origin.post_id}
    if any(about.values()):
        channel, kind = link.asker.channel_id, NoticeKind.TAKEN
        wanted.want_about(connection, about, kind, channel, now)


def _under(origin: Origin) -> ColumnElement[bool]:
    if origin.post_id is not None:
        return links.c.post_id == origin.post_id
    return links.c.job_id == origin.job_id
