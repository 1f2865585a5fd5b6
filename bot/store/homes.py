"""App Homes in the database: who looks at theirs, what it shows, and whether that is still so."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import (
    Connection,
    RowMapping,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
)

from bot.store import lanes, leases
from bot.store.channels import public
from bot.store.deliveries import is_first
from bot.store.engine import Database
from bot.store.once import insert
from bot.store.tables import events, homes, projects
from bot.store.topics import HOME

# Longer than the slowest call to Slack.
LEASE = timedelta(seconds=45)
FOLLOWED = timedelta(hours=1)
"""How long after it was opened a Home shows every change."""
SPACING = timedelta(seconds=2)
"""Between two looks at one Home: what changes faster is shown together."""
_LANE = "home"
# A change that commits late, below the newest numbers, still changes the sum of so many.
_NEWEST = 200
_CLAIM = leases.claiming(
    homes,
    leases.due(homes)
    .where(
        homes.c.opened_at > bindparam("since"),
        or_(homes.c.seen.is_(None), homes.c.seen != bindparam("mark")),
    )
    # Who waits in front of an empty page comes first.
    .order_by(case((homes.c.shown.is_(None), 0), else_=1), homes.c.due_at),
    attempts=homes.c.attempts + 1,
)


@dataclass(frozen=True, slots=True)
class Home:
    """One person's Home; `shown` is the digest of what Slack shows, None when that is unknown."""

    user_id: str
    shown: str | None
    attempts: int
    lease_owner: str | None


class Homes:
    """The one door to the Homes; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring

    async def opened(self, key: str, user_id: str, now: datetime, *, empty: bool) -> None:
        """Follow what changes from now on; an `empty` Home is published in any case."""
        new = insert(self._database.dialect, homes).values(
            user_id=user_id, opened_at=now, due_at=now
        )
        again: dict[str, object] = {"opened_at": now}
        if empty:
            again |= {"seen": None, "shown": None, "due_at": now}
        visit = new.on_conflict_do_update(index_elements=[homes.c.user_id], set_=again)

        def change(connection: Connection) -> None:
            if is_first(connection, key, now):
                connection.execute(visit)

        await self._database.at_once(change)
        self._ring(HOME)

    async def mark(self, now: datetime) -> str | None:
        """Mark the state of the world: another one after each change; None if nobody looks."""
        looked_at = select(homes.c.user_id).where(homes.c.opened_at > now - FOLLOWED).limit(1)
        newest = select(events.c.id).order_by(events.c.id.desc()).limit(_NEWEST).subquery()
        named = select(projects).order_by(projects.c.folded)
        public_ones = public().subquery()

        def world(connection: Connection) -> str | None:
            if connection.scalar(looked_at) is None:
                return None
            moved = connection.scalar(select(func.sum(newest.c.id)))
            rows = [tuple(row) for row in connection.execute(named)]
            open_to_all = connection.scalar(select(func.count()).select_from(public_ones))
            return _digest(f"{moved} {rows} {open_to_all}")

        return await self._database.look(world)

    async def claim(self, mark: str, owner: str, now: datetime) -> Home | None:
        """Take the lease of a Home that may show something else than `mark`, and its turn."""

        def claim(connection: Connection) -> Home | None:
            row = leases.take(
                connection, _CLAIM, owner, now, LEASE, mark=mark, since=now - FOLLOWED
            )
            if row is None:
                return None
            if not lanes.enter(connection, _LANE, now):
                connection.rollback()
                return None
            return _home_from(row)

        return await self._database.at_once(claim, for_people=False)

    async def shows(self, home: Home, mark: str, digest: str, now: datetime) -> None:
        """Note what Slack shows now, and of which state of the world that was."""
        values = {"seen": mark, "shown": digest, "attempts": 0, "due_at": now + SPACING}
        await self._settle(home, values)

    async def postpone(self, home: Home, until: datetime, *, busy: bool = False) -> None:
        """Try again later; when Slack is busy no other Home is published before either."""
        if busy:
            shut = partial(lanes.close, lane=_LANE, until=until)
            await self._database.at_once(shut, for_people=False)
        await self._settle(home, {"due_at": until})

    async def leave(self, home: Home) -> None:
        """Forget a Home that Slack refuses, until it is opened again."""
        gone = delete(homes).where(
            homes.c.user_id == home.user_id, homes.c.lease_owner == home.lease_owner
        )
        await self._database.carry_out(gone)

    async def forget(self, before: datetime) -> None:
        """Forget Homes that nobody has opened since."""
        await self._database.carry_out(delete(homes).where(homes.c.opened_at < before))

    async def _settle(self, home: Home, values: dict[str, object]) -> None:
        held = leases.held(homes, home.user_id, home.lease_owner)
        await leases.settle(self._database, held, values)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _home_from(row: RowMapping) -> Home:
    return Home(row["user_id"], row["shown"], row["attempts"], row["lease_owner"])
