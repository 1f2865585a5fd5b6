"""Holding: what one transaction works on, no other one touches until it ends."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import ARRAY, BigInteger, Connection, bindparam, func, select

_KEYS = bindparam("keys", type_=ARRAY(BigInteger))
_HOLD = select(func.pg_advisory_xact_lock(func.unnest(_KEYS).column_valued("key")))


def hold(connection: Connection, *wanted: Iterable[str]) -> None:
    """Wait until each wanted thing is free, named by its words, and keep it to the end.

    Rows that don't exist yet can't be locked. Only PostgreSQL needs it: SQLite has one writer.
    """
    if connection.dialect.name != "postgresql":
        return
    # In one order everywhere, or two machines could wait for each other.
    if keys := sorted({_key(each) for each in wanted}):
        connection.execute(_HOLD, {"keys": keys})


def _key(words: Iterable[str]) -> int:
    digest = hashlib.sha256("/".join(words).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
