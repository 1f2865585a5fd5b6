"""Statements are compiled once for all tests, although each of them has engines of its own."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect

_COMPILED: dict[Any, Any] = {}


class _Alike(Dialect):
    """All of a kind are the same: what one has compiled is kept by its dialect, and serves all."""

    # https://docs.sqlalchemy.org/en/20/core/connections.html#sql-caching
    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)


class PySqlite(_Alike, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class AsyncPg(_Alike, PGDialect_asyncpg):
    supports_statement_cache = True


def compile_once() -> None:
    """Let engines that are made from here on share what they compile."""
    for name, dialect in {
        "sqlite": PySqlite,
        "postgresql.asyncpg": AsyncPg,
    }.items():
        registry.register(name, __name__, dialect.__name__)
