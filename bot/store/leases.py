"""Leases: what is due is claimed by one, who gives it back, or whose lease runs out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    func,
    or_,
    select,
    update,
)

from bot.store.engine import Database

GIVEN_BACK: dict[str, object] = {"lease_owner": None, "lease_until": None}


async def next_due(database: Database, table: Table) -> datetime | None:
    """Say when the next row can be claimed; a lease postpones it."""
    free_at = func.coalesce(table.c.lease_until, table.c.due_at)
    query = select(func.min(free_at)).where(table.c.due_at.is_not(None))
    return await database.look(lambda connection: connection.scalar(query))


async def claim(
    database: Database, table: Table, owner: str, now: datetime, lease: timedelta, **more: object
) -> RowMapping | None:
    """Take the lease of the row that is most due; `more` is what else is written into it."""
    most_due = due(table, now).order_by(table.c.due_at, *table.primary_key)
    return await taken(database, table, most_due, held_by(owner, now + lease) | more)


async def taken(
    database: Database, table: Table, first: Select[Any], values: Mapping[str, object]
) -> RowMapping | None:
    """Do what `take` does in a transaction of its own."""
    change = partial(take, table=table, first=first, values=values)
    return await database.at_once(change, for_people=False)


def take(
    connection: Connection, table: Table, first: Select[Any], values: Mapping[str, object]
) -> RowMapping | None:
    """Write values into the first row of a selection of keys, and return it.

    It is one statement, and passes what others are taking at this moment: no two take the same.
    """
    (key,) = table.primary_key
    row = first.limit(1).with_for_update(skip_locked=True, of=table).cte("due")
    written = update(table).where(key.in_(select(row))).values(values).returning(table)
    return connection.execute(written).mappings().one_or_none()


def due(table: Table, now: datetime) -> Select[Any]:
    """Select the keys of the rows that can be claimed now."""
    return select(*table.primary_key).where(table.c.due_at <= now, is_free(table, now))


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """Narrow rows to those that nobody holds."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until < now)


def held_by(owner: str, until: datetime) -> dict[str, object]:
    """Name who has the lease, and until when."""
    return {"lease_owner": owner, "lease_until": until}
