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

_GROW_FOR_EVER = ("jobs", "notices", "events", "audit")


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
        scans = {
            (step[3], statement)
            for statement, given in statements.items()
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            if step[3] in {f"SCAN {table}" for table in _GROW_FOR_EVER}
        }
    assert len(statements) > 50
    assert scans == set()


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
