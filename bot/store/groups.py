"""User groups: who is in them, as Slack said last; a listener cannot ask while someone waits."""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from bot.builds.rights import NOBODY_KNOWN, Members
from bot.store.engine import Database
from bot.store.once import insert
from bot.store.tables import user_groups

# Every command asks: within a second it need not be the database.
_FRESH = timedelta(seconds=1)
# What Slack has not confirmed for so long is no longer believed.
BELIEVED = timedelta(days=1)


class Groups:
    """The one door to the members of user groups."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._members: Members = NOBODY_KNOWN
        self._fresh_at = datetime.min.replace(tzinfo=UTC)

    async def members(self, now: datetime) -> Members:
        """Say who is in each group that is known; at most a second old on other machines."""
        if not self._fresh_at <= now < self._fresh_at + _FRESH:
            query = select(user_groups).where(user_groups.c.seen_at > now - BELIEVED)
            rows = await self._database.rows(query)
            self._members = {row["id"]: frozenset(json.loads(row["members"])) for row in rows}
            self._fresh_at = now
        return self._members

    async def seen(self) -> dict[str, datetime]:
        """Say when Slack was asked about each group."""
        query = select(user_groups.c.id, user_groups.c.seen_at)
        return {row["id"]: row["seen_at"] for row in await self._database.rows(query)}

    async def saw(self, group_id: str, people: frozenset[str], now: datetime) -> None:
        """Keep who is in a group."""
        values = {"members": json.dumps(sorted(people)), "seen_at": now}
        kept = insert(self._database.dialect, user_groups).values(id=group_id, **values)
        kept = kept.on_conflict_do_update(index_elements=["id"], set_=values)
        await self._database.carry_out(kept)
        self._forget_reading()

    async def forget(self, group_id: str) -> None:
        """Believe nothing of a group any more: Slack says nothing of it."""
        gone = delete(user_groups).where(user_groups.c.id == group_id)
        await self._database.carry_out(gone)
        self._forget_reading()

    def _forget_reading(self) -> None:
        self._fresh_at = datetime.min.replace(tzinfo=UTC)
