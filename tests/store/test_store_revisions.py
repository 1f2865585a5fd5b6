"""Every revision meets what earlier versions have written: give a new table's or column's here."""

import asyncio
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from bot.builds.job import JobState
from bot.store import Store, schema
from bot.store.tables import metadata
from tests.clock import Clock, Rung

# What a bot at that revision has written, and all later revisions have to carry along.
WRITTEN = {
    "0001": """
        INSERT INTO jobs (kind, state, intake_key, team_id, channel_id, user_id, project, request,
            accepted_at, deadline_at, due_at, response_url)
        VALUES ('build', 'accepted', 'k', 'T1', 'C1', 'U1', '7',
            '{"project": "7", "scenes": ["Level 3"]}', NOON, NOON, NOON, 'https://hooks.example/1');
        INSERT INTO events (job_id, at, "after") VALUES (1, NOON, 'accepted');
        INSERT INTO notices (job_id, kind, key, channel_id, lane, urgency, created_at, due_at)
        VALUES (1, 'card', 'n1', 'C1', 'post:C1', 1, NOON, NOON);
        INSERT INTO buckets VALUES ('account', 'normal', 240, NOON);
        INSERT INTO whispers (team_id, channel_id, user_id, message, asked_at, due_at)
        VALUES ('T1', 'C1', 'U1', '{}', NOON, NOON);
        INSERT INTO links (state, intake_key, team_id, channel_id, user_id, app, build, kind,
            asked_at, deadline_at, due_at)
        VALUES ('asked', 'l', 'T1', 'C1', 'U1', 'a', 'b', 'auto', NOON, NOON, NOON);
        INSERT INTO lanes VALUES ('post:C1', NOON);
        INSERT INTO projects (folded, name, project, added_by, added_at)
        VALUES ('fruit', 'Fruit', '7', 'U1', NOON)
    """,
    "0005": """
        INSERT INTO audit (at, team_id, channel_id, user_id, act, job_id, subject)
        VALUES (NOON, 'T1', 'C1', 'U1', 'start', 1, 'Level 3')
    """,
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/empty.db"
        return
    server: str = request.getfixturevalue("postgres_url")
    name = f"empty_{uuid.uuid4().hex}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


def test_the_head_is_told_without_alembic_as_it_would_tell_it() -> None:
    assert schema.head() == ScriptDirectory.from_config(_config()).get_current_head()


def _revise(connection: Connection, to: str) -> None:
    _upgrade(connection, to)
    for statement in _statements(to):
        connection.execute(text(statement.replace(":", r"\:")))


async def test_what_every_revision_has_written_comes_to_head(empty_url: str, clock: Clock) -> None:
    store = Store(empty_url, "account", Rung())
    for revision in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions())):
        await store.database.at_once(partial(_revise, to=revision.revision), for_people=False)
    assert await store.database.look(_differences) == []
    for table in {each.split()[2] for known in WRITTEN for each in _statements(known)}:
        every = text(f"SELECT 1 FROM {table}")  # noqa: S608 - names of ours
        assert len(await store.database.rows(every)) == 1, table
    clock.advance(60)
    claimed = await store.jobs.claim(JobState.ACCEPTED, "me", clock())
    assert claimed is not None
    assert claimed.request.scenes == ("Level 3",)
    assert await store.outbox.claim("me", clock()) is not None
    assert await store.links.claim("me", clock()) is not None
    assert await store.whispers.claim("me", clock()) is not None
    assert await store.budget.take("normal", clock()) is None
    await store.database.close()


def _statements(revision: str) -> list[str]:
    written = WRITTEN.get(revision, "").replace("NOON", "'2026-11-21 12:00:00+00'")
    return [each for each in written.split(";") if each.strip()]


def _upgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    return Config(toml_file=schema._PROJECT)


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    return list(compare_metadata(context, metadata))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(statement)
    await connection.close()
