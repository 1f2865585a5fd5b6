"""Leases: what is due is claimed by one, who gives it back, or whose lease runs out."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    Update,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.store.engine import Database
from bot.store.tables import UtcDateTime

GIVEN_BACK: dict[str, object] = {"lease_owner": None, "lease_until": None}
NOW = bindparam("now", type_=UtcDateTime())
"""When a claim is made, in statements that are written once."""


def due(table: Table) -> Select[Any]:
    """Select the keys of the rows that can be claimed."""
    return select(*table.primary_key).where(table.c.due_at <= NOW, is_free(table))


def is_free(table: Table) -> ColumnElement[bool]:
    """Narrow rows to those that nobody holds."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until < NOW)


def claiming(table: Table, keys: Select[Any] | None = None, **more: object) -> ReturningUpdate[Any]:
    """Write the claim of the first of some keys, or of the row that is most due.

    `more` is what is written into it besides its lease.
    """
    if keys is None:
        keys = due(table).order_by(table.c.due_at, *table.primary_key)
    more |= {"lease_owner": bindparam("holder"), "lease_until": bindparam("until")}
    return first_of(table, keys).values(more).returning(table)


def first_of(table: Table, keys: Select[Any]) -> Update:
    """Change the first of some keys, past what others are changing: no two get the same."""
    (key,) = table.primary_key
    first = keys.limit(1).with_for_update(skip_locked=True, of=table).cte("due")
    return update(table).where(key.in_(select(first)))


async def claim(
    database: Database,
    claiming: ReturningUpdate[Any],
    owner: str,
    now: datetime,
    lease: timedelta,
    **given: object,
) -> RowMapping | None:
    """Take the lease of a row in a transaction of its own; None when nothing is due."""
    return await database.at_once(
        lambda connection: take(connection, claiming, owner, now, lease, **given),
        for_people=False,
    )


def take(
    connection: Connection,
    claiming: ReturningUpdate[Any],
    owner: str,
    now: datetime,
    lease: timedelta,
    **given: object,
) -> RowMapping | None:
    """Take the lease of a row; `given` is what else its claim asks for."""
    given |= {"holder": owner, "now": now, "until": now + lease}
    return connection.execute(claiming, given).mappings().one_or_none()


def held(table: Table, key: object, owner: str | None) -> Update:
    """Change a row that was claimed; where nothing is changed someone else took over."""
    (column,) = table.primary_key
    return update(table).where(column == key, table.c.lease_owner == owner)


async def settle(database: Database, held: Update, values: dict[str, object]) -> bool:
    """Write how it went and give the lease back; False when someone else took over."""
    settled = held.values(GIVEN_BACK | values)
    return await database.at_once(
        lambda connection: bool(connection.execute(settled).rowcount), for_people=False
    )


async def next_due(database: Database, table: Table) -> datetime | None:
    """Say when the next row can be claimed; a lease postpones it."""
    free_at = func.coalesce(table.c.lease_until, table.c.due_at)
    query = select(func.min(free_at)).where(table.c.due_at.is_not(None))
    return await database.look(lambda connection: connection.scalar(query))
