"""Once: what is asked for is taken once, however often it is delivered."""

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection, Dialect, Table, select
from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


@dataclass(frozen=True, slots=True)
class Added:
    """The number of what was taken, and whether it had been accepted before.

    `joined`: it was under way already, and who asked now is mentioned at its end as well.
    """

    id: int
    repeated: bool
    joined: bool = False


def insert(dialect: Dialect, table: Table) -> Insert:
    """Begin an insertion that can say what becomes of a row that is there already."""
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


def insert_new(dialect: Dialect, table: Table) -> Insert:
    """Insert what is not there yet; what is there stays."""
    return insert(dialect, table).on_conflict_do_nothing()


def take(connection: Connection, table: Table, row: dict[str, object]) -> Added:
    """Insert what someone asks for; a repeat finds the row of its first time by `intake_key`."""
    new = insert_new(connection.dialect, table).values(row).returning(table.c.id)
    number = connection.scalar(new)
    if number is not None:
        return Added(number, repeated=False)
    same = select(table.c.id).where(table.c.intake_key == row["intake_key"])
    return Added(connection.execute(same).scalar_one(), repeated=True)
