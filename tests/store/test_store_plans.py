"""Whatever is asked again and again is answered by an index, however much has been built."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.builds.job import JobState
from bot.store import Store
from bot.store.sqlite import Hands
from tests.benchmarks import crowd
from tests.benchmarks.scale import Loops, questions
from tests.clock import Rung

_SCANS = {f"SCAN {table}" for table in ("jobs", "notices", "events", "audit")}
_EVERYTHING = "SEARCH jobs USING INDEX ix_jobs_ready (kind=?)"
_SORT = "USE TEMP B-TREE FOR ORDER BY"


async def test_no_statement_reads_everything_that_was_ever_built(
    sqlite_template: Path, tmp_path: Path, rung: Rung
) -> None:
    path = shutil.copy(sqlite_template, tmp_path / "bot.db")
    store = Store(f"sqlite+aiosqlite:///{path}", "account", rung)
    await crowd.run(store, range(1, 4), datetime.now(UTC), JobState.RUNNING)
    with _listening(store) as statements:
        await Loops(store).timed(2)
        for ask in questions(store).values():
            await ask()
    await store.database.close()
    with closing(sqlite3.connect(path)) as connection:
        plans = {each: _plan(connection, each, given) for each, given in statements.items()}
    assert len(statements) > 50
    assert {(step, each) for each, plan in plans.items() for step in plan & _SCANS} == set()
    # In its order the newest are soon found; sorted, that reads everything as well.
    sorting = [each for each, plan in plans.items() if _EVERYTHING in plan and _SORT in plan]
    assert sorting == []


def _plan(connection: sqlite3.Connection, statement: str, given: Any) -> set[str]:  # noqa: ANN401 - as sqlite3's
    return {step[3] for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)}


@contextmanager
def _listening(store: Store) -> Iterator[dict[str, Any]]:
    """Collect what is said to the database, each statement with what it was given once."""
    statements: dict[str, Any] = {}
    words = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")

    def said(*told: Any) -> None:  # noqa: ANN401 - whatever SQLAlchemy tells
        _connection, _cursor, statement, given, _context, many = told
        if statement.startswith(words):
            statements[statement] = given[0] if many else given

    hands = store.database._side
    assert isinstance(hands, Hands)
    for each in (hands.quick, hands.patient, hands.eye):
        event.listen(each.engine, "before_cursor_execute", said)
    yield statements
