"""Errands in the database: asked once, claimed by one, answered once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, Update

from bot.builds.errand import Errand
from bot.builds.job import Asker
from bot.store import leases, once
from bot.store.codec import asker_from, dump_person
from bot.store.engine import Database
from bot.store.once import Added
from bot.store.tables import errands
from bot.store.topics import ERRAND

# A machine that dies gives its errands up within a minute. Longer than asking, and than telling,
# before which it is renewed: see the time-outs of the errand runner.
LEASE = timedelta(seconds=55)
_CLAIM = leases.claiming(errands, version=errands.c.version + 1)
_ERRAND: TypeAdapter[Errand] = TypeAdapter(Errand)


@dataclass(frozen=True, slots=True)
class NewErrand:
    """What a listener asks for. `intake_key` is the same however often Slack delivers it."""

    intake_key: str
    errand: Errand
    asker: Asker
    patience: timedelta


@dataclass(frozen=True, slots=True)
class OpenErrand:
    """One person's question; `attempts` counts the tries that brought no answer."""

    id: int
    errand: Errand
    asker: Asker
    asked_at: datetime
    deadline_at: datetime
    attempts: int
    version: int
    lease_owner: str | None


class Errands:
    """The one door to the errands; every method is one transaction."""

    def __init__(self, database: Database, ring: Callable[[str], None]) -> None:
        self._database = database
        self._ring = ring

    async def add(self, new: NewErrand, now: datetime) -> Added:
        """Take a question; return after the commit. A repeat finds that of its first time."""
        taken = partial(once.take, table=errands, row=_row(new, now))
        added = await self._database.at_once(taken)
        self._ring(ERRAND)
        return added

    async def next_due(self) -> datetime | None:
        """Say when the next errand can be claimed; a lease postpones it."""
        return await leases.next_due(self._database, errands)

    async def claim(self, owner: str, now: datetime) -> OpenErrand | None:
        """Take the lease of the errand that is most due."""
        row = await leases.claim(self._database, _CLAIM, owner, now, LEASE)
        return _errand_from(row) if row else None

    async def renew(self, errand: OpenErrand, now: datetime) -> bool:
        """Hold it for as long again; False when someone else took over."""
        longer = _held(errand).values(lease_until=now + LEASE)
        return bool(await self._database.carry_out(longer))

    async def postpone(self, errand: OpenErrand, until: datetime) -> bool:
        """Try again later; False when someone else took over."""
        return await self._settle(errand, {"due_at": until, "attempts": errand.attempts + 1})

    async def finish(self, errand: OpenErrand, ended: str) -> bool:
        """Note how it ended and forget how the asker was reached; False when taken over."""
        values: dict[str, object] = {
            "state": "answered",
            "ended": ended,
            "due_at": None,
            "response_url": None,
        }
        return await self._settle(errand, values)

    async def _settle(self, errand: OpenErrand, values: dict[str, object]) -> bool:
        values["version"] = errands.c.version + 1
        return await leases.settle(self._database, _held(errand), values)


def _held(errand: OpenErrand) -> Update:
    held = leases.held(errands, errand.id, errand.lease_owner)
    return held.where(errands.c.version == errand.version)


def _row(new: NewErrand, now: datetime) -> dict[str, object]:
    asker = new.asker
    return {
        "state": "asked",
        "intake_key": new.intake_key,
        **dump_person(asker),
        "response_url": asker.response_url,
        "errand": _ERRAND.dump_json(new.errand).decode(),
        "asked_at": now,
        "deadline_at": now + new.patience,
        "due_at": now,
    }


def _errand_from(row: RowMapping) -> OpenErrand:
    return OpenErrand(
        id=row["id"],
        errand=_ERRAND.validate_json(row["errand"]),
        asker=asker_from(row),
        asked_at=row["asked_at"],
        deadline_at=row["deadline_at"],
        attempts=row["attempts"],
        version=row["version"],
        lease_owner=row["lease_owner"],
    )
