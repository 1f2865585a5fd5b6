"""What a start does about the database it finds."""

import pytest
from sqlalchemy import text

from bot.running import SchemaError, running
from bot.settings import Settings
from bot.store.engine import Database


def settings(url: str) -> Settings:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "PLAYCANVAS_TOKEN": "t"}
    return Settings.load(tokens | {"DATABASE_URL": url, "PORT": "0"})


async def at(url: str, revision: str) -> None:
    database = Database(url)
    moved = text("UPDATE alembic_version SET version_num = :to")
    await database.carry_out(moved.bindparams(to=revision))
    await database.close()


async def test_neither_serve_nor_work_starts_on_an_older_schema(postgres_at_head: str) -> None:
    [head] = await revision(postgres_at_head)
    await at(postgres_at_head, "0000")
    try:
        for serves in (True, False):
            started = running(settings(postgres_at_head), takes_slack=serves, runs_loops=not serves)
            with pytest.raises(SchemaError, match="Run: python -m bot migrate"):
                await started.__aenter__()
        await at(postgres_at_head, "9999")
        # Expand, then contract: a later version left what this one uses.
        async with running(settings(postgres_at_head), takes_slack=False, runs_loops=False):
            pass
    finally:
        await at(postgres_at_head, head)


async def revision(url: str) -> list[str]:
    database = Database(url)
    found = await database.rows(text("SELECT version_num FROM alembic_version"))
    await database.close()
    return [row["version_num"] for row in found]
