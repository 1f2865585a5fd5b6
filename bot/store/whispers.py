"""Whispers: words for one person alone, kept until they were said."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert

from bot.builds.job import Asker
from bot.store import leases
from bot.store.codec import asker_from, dump_person
from bot.store.deliveries import is_first
from bot.store.engine import Database
from bot.store.tables import whispers
from bot.store.topics import WHISPER

# Longer than the slowest two calls to Slack: in the channel, then in the bot's conversation.
LEASE = timedelta(seconds=45)
_CLAIM = leases.claiming(whispers, attempts=whispers.c.attempts + 1)


@dataclass(frozen=True, slots=True)
class Whisper:
    """What one person is to be told, where they asked; `message` as the Web API names its parts.

    `instead`: in place of the message whose button they pressed.
    """

    id: int
    asker: Asker
    message: dict[str, Any]
    instead: bool
    asked_at: datetime
    attempts: int
    lease_owner: str | None


class Whispers:
    """The one door to the whispers; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring

    async def add(
        self,
        key: str,
        asker: Asker,
        message: dict[str, Any],
        now: datetime,
        *,
        instead: bool = False,
    ) -> bool:
        """Tell the asker something once for each delivery `key`; False for a repeat."""
        row = {
            **dump_person(asker),
            "thread_ts": asker.thread_ts,
            "response_url": asker.response_url,
            "instead": instead,
            "message": json.dumps(message),
            "asked_at": now,
            "due_at": now,
        }

        def change(connection: Connection) -> bool:
            is_new = is_first(connection, key, now)
            if is_new:
                connection.execute(insert(whispers).values(row))
            return is_new

        first = await self._database.at_once(change)
        self._ring(WHISPER)
        return first

    async def next_due(self) -> datetime | None:
        """Say when the next whisper can be claimed; a lease postpones it."""
        return await leases.next_due(self._database, whispers)

    async def claim(self, owner: str, now: datetime) -> Whisper | None:
        """Take the lease of the whisper that is most due."""
        row = await leases.claim(self._database, _CLAIM, owner, now, LEASE)
        return _whisper_from(row) if row else None

    async def postpone(self, whisper: Whisper, until: datetime) -> None:
        """Try again later."""
        held = leases.held(whispers, whisper.id, whisper.lease_owner)
        await leases.settle(self._database, held, {"due_at": until})

    async def over(self, whisper: Whisper) -> None:
        """Forget what was said, or can be said nowhere."""
        await self._database.carry_out(delete(whispers).where(whispers.c.id == whisper.id))


def _whisper_from(row: RowMapping) -> Whisper:
    return Whisper(
        id=row["id"],
        asker=asker_from(row),
        message=json.loads(row["message"]),
        instead=row["instead"],
        asked_at=row["asked_at"],
        attempts=row["attempts"],
        lease_owner=row["lease_owner"],
    )
