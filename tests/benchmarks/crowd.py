"""A database with years of finished builds in it, and builds that run."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, text

from bot.builds.job import Item, JobKind, JobState, Resolved
from bot.builds.outcome import Failed, Ready
from bot.builds.request import BuildRequest
from bot.store import Store
from bot.store.codec import dump_outcome, dump_request, dump_resolved, likeness, series
from bot.store.server import Server
from bot.store.tables import jobs

PLACES, PEOPLE, PROJECTS = 20, 50, 25
TEAM, PRIVATE = "T1", "C1"
_EVERY_S = 30
LEVEL = Resolved((Item("7", "Level 3"),))

# One in ten failed, one in a thousand ended in another way; a build each half minute.
_JOBS = r"""
INSERT INTO jobs (id, kind, state, intake_key, team_id, channel_id, user_id, project, request,
    resolved, series, remote_id, outcome, likeness, accepted_at, started_at, finished_at, ended_at,
    deadline_at)
SELECT n, 'build', CASE WHEN n % 4000 = 1 THEN 'expired' WHEN n % 4000 = 1001 THEN 'unwatched'
        WHEN n % 4000 = 2001 THEN 'cancelled' WHEN n % 4000 = 3001 THEN 'rejected'
        WHEN n % 10 = 3 THEN 'failed' ELSE 'ready' END,
    'past ' || n, 'T1', 'C' || (n / 7 % :places), 'U' || (n / 11 % :people),
    CAST(n % :projects AS TEXT), replace(:request, '"?"', '"' || (n % :projects) || '"'), :resolved,
    'build:' || (n % :projects) || '\:7', n,
    CASE WHEN n % 10 = 3 OR n % 1000 = 1 THEN :failure ELSE :outcome END,
    'likeness ' || (n % 5000), at, at, ended, ended, ended
FROM (SELECT n, {at} AS at, {ended} AS ended FROM ({numbers}) AS numbers) AS past
"""
_EVENTS = """
INSERT INTO events (job_id, at, before, after)
SELECT id, ended_at, 'running', state FROM jobs
"""
_NOTICES = """
INSERT INTO notices (job_id, kind, key, channel_id, lane, urgency, shown, created_at, ts)
SELECT id, {kind}, {kind} || id, channel_id, 'update', 1, 1, ended_at, CAST(id AS TEXT) FROM jobs
"""
_AUDIT = """
INSERT INTO audit (at, team_id, channel_id, user_id, act, project, job_id, subject)
SELECT accepted_at, team_id, channel_id, user_id, 'start', project, id, 'Level 3' FROM jobs
"""
_CHANNELS = """
INSERT INTO channels (id, is_public, due_at)
SELECT DISTINCT channel_id, channel_id <> 'C1', {later} FROM jobs
"""
_NAMES = """
INSERT INTO projects (folded, name, project, added_by, added_at)
SELECT DISTINCT 'project' || project, 'Project' || project, project, 'U1', {later} FROM jobs
"""
_BEGAN = "CAST(CAST(:began AS text) AS timestamp) AT TIME ZONE 'UTC'"
_PIECES = {
    "sqlite": {
        "numbers": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :many)"
        " SELECT n FROM s",
        "at": "strftime('%Y-%m-%d %H:%M:%f', :began, (n * :every) || ' seconds') || '000'",
        "ended": "strftime('%Y-%m-%d %H:%M:%f', :began, (n * :every + 20 + n % 60) || ' seconds')"
        " || '000'",
        "later": "'2999-01-01 00:00:00.000000'",
    },
    "postgresql": {
        "numbers": "SELECT n FROM generate_series(1, CAST(:many AS integer)) AS s(n)",
        "at": f"{_BEGAN} + n * :every * interval '1 second'",
        "ended": f"{_BEGAN} + (n * :every + 20 + n % 60) * interval '1 second'",
        "later": "TIMESTAMP '2999-01-01'",
    },
}


async def fill(store: Store, many: int, now: datetime) -> None:
    """Put finished builds into an empty database, each with its event, notices and audit entry."""
    pieces = _PIECES[store.database.dialect.name]
    given = _given(many, now)

    def put(connection: Connection) -> None:
        _run(connection, _JOBS, pieces, given)
        _run(connection, _EVENTS, pieces, {})
        for kind in ("'card'", "'reply'"):
            _run(connection, _NOTICES, {"kind": kind}, {})
        for statement in (_AUDIT, _CHANNELS, _NAMES):
            _run(connection, statement, pieces, {})

    await store.database.at_once(put, for_people=False)
    if not store.database.is_sqlite:
        await _tidy(store)


def _given(many: int, now: datetime) -> dict[str, object]:
    began = now - timedelta(seconds=_EVERY_S) * (many + 10)
    return {
        "many": many,
        "every": _EVERY_S,
        "began": began.strftime("%Y-%m-%d %H:%M:%S"),
        "places": PLACES,
        "people": PEOPLE,
        "projects": PROJECTS,
        "request": dump_request(BuildRequest("?", ("Level 3",))),
        "resolved": dump_resolved(LEVEL),
        "outcome": dump_outcome(Ready("https://example.com/build.zip")),
        "failure": dump_outcome(Failed(("Could not export",))),
    }


def _run(
    connection: Connection, statement: str, pieces: dict[str, str], given: dict[str, object]
) -> None:
    connection.execute(text(statement.format(**pieces)), given)


async def _tidy(store: Store) -> None:
    """Do what the server's autovacuum does after a while; SQLite has no such thing."""
    assert isinstance(store.database._side, Server)
    async with store.database._side.engine.connect() as connection:
        by_itself = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await by_itself.execute(text("SELECT setval('jobs_id_seq', (SELECT max(id) FROM jobs))"))
        await by_itself.execute(text("VACUUM (ANALYZE)"))


async def run(store: Store, numbers: Sequence[int], now: datetime, state: JobState) -> None:
    """Add builds that run, or wait, all of them due within the minute before now."""
    dice = random.Random(len(numbers))  # noqa: S311 - figures, no secrets
    rows = [_row(number, now - timedelta(seconds=60 * dice.random()), state) for number in numbers]

    def add(connection: Connection) -> None:
        connection.execute(insert(jobs), rows)
        if not store.database.is_sqlite:
            # The server does it by itself within a minute: so is the table set up.
            connection.execute(text("ANALYZE jobs"))

    await store.database.at_once(add, for_people=False)


def _row(number: int, due_at: datetime, state: JobState) -> dict[str, object]:
    request = BuildRequest(str(number % PROJECTS), ("Level 3",))
    return {
        "kind": JobKind.BUILD,
        "state": state,
        "intake_key": f"{state} {number}",
        "team_id": TEAM,
        "channel_id": f"C{number % PLACES}",
        "user_id": f"U{number % PEOPLE}",
        "project": request.project,
        "request": dump_request(request),
        "resolved": dump_resolved(LEVEL),
        "series": series(JobKind.BUILD, request, LEVEL),
        "likeness": likeness(JobKind.BUILD, request),
        "remote_id": number,
        "accepted_at": due_at,
        "started_at": due_at,
        "deadline_at": due_at + timedelta(hours=1),
        "due_at": due_at,
        "eagerness": 0.1,
    }
