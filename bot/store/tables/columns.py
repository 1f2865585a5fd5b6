"""What tables are made of: the columns that many of them have, and indexes on a part of one."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TextClause,
    TypeDecorator,
    text,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite counts up by itself only in a column that is exactly INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would be read as another hour elsewhere."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def numbered() -> Column[int]:
    """Give each row a number."""
    return Column("id", Number, primary_key=True)


def person() -> tuple[Column[Any], ...]:
    """Name who did or asked for something, and where."""
    return (
        Column("team_id", Text, nullable=False),
        Column("channel_id", Text, nullable=False),
        Column("user_id", Text, nullable=False),
    )


def leased() -> tuple[Column[Any], ...]:
    """Let rows be claimed, see bot/store/leases.py; `due_at` says when."""
    return (
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("lease_owner", Text),
        Column("lease_until", UtcDateTime),
    )


def versioned() -> Column[int]:
    """Count the changes of a row, so that a late one is noticed."""
    return Column("version", Integer, nullable=False, server_default=text("0"))


def index(name: str, *columns: Column[Any], where: TextClause, unique: bool = False) -> None:
    """Put an index on the rows for which something is so."""
    Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def index_due(table: Table) -> None:
    """Put an index on the rows that are due some time; what is over does not burden it."""
    index(f"ix_{table.name}_due", table.c.due_at, where=text("due_at IS NOT NULL"))
