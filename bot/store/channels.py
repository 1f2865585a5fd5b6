"""Channels: which of them everyone may look into, and so whom a build may be shown to."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, or_, select, update

from bot.builds.job import Asker
from bot.store import leases
from bot.store.engine import Database
from bot.store.once import insert_new
from bot.store.tables import channels, jobs

# A look that was not recorded, as its worker died, is taken again.
_ANSWERED_WITHIN = timedelta(minutes=1)


class Channels:
    """The one door to the channels; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, now: datetime) -> str | None:
        """Take the channel that has not been looked at for longest; looking twice does no harm."""
        due = select(channels.c.id).where(channels.c.due_at <= now).order_by(channels.c.due_at)
        taken = leases.first_of(channels, due).values(due_at=now + _ANSWERED_WITHIN)
        one = taken.returning(channels.c.id)
        return await self._database.at_once(
            lambda connection: connection.scalar(one), for_people=False
        )

    async def next_due(self) -> datetime | None:
        """Say when a channel is to be looked at next."""
        query = select(channels.c.due_at).order_by(channels.c.due_at).limit(1)
        return await self._database.look(lambda connection: connection.scalar(query))

    async def saw(self, channel_id: str, due_at: datetime, *, is_public: bool) -> None:
        """Note what a look has shown, and when to look again."""
        seen = update(channels).where(channels.c.id == channel_id)
        await self._database.carry_out(seen.values(is_public=is_public, due_at=due_at))

    async def postpone(self, channel_id: str, due_at: datetime) -> None:
        """Look later, as there was no answer."""
        later = update(channels).where(channels.c.id == channel_id).values(due_at=due_at)
        await self._database.carry_out(later)


def note(connection: Connection, channel_id: str, now: datetime) -> None:
    """Have a channel looked at, unless it is known: until then nobody outside sees its builds."""
    new = insert_new(connection.dialect, channels).values(id=channel_id, due_at=now)
    connection.execute(new)


def public() -> Select[tuple[str]]:
    """Select the channels that everyone may look into."""
    return select(channels.c.id).where(channels.c.is_public)


def shown_to(user_id: str, channel_id: str | None = None) -> ColumnElement[bool]:
    """Narrow jobs to what someone may see: of public channels, of where they are, their own."""
    return or_(
        jobs.c.channel_id.in_(public()), jobs.c.user_id == user_id, jobs.c.channel_id == channel_id
    )


def shown_there(asker: Asker) -> ColumnElement[bool]:
    """Narrow jobs to what the one who asks may be shown where they ask."""
    return shown_to(asker.user_id, asker.channel_id)
