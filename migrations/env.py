"""Alembic's environment: the revisions run on the connection that `bot.store.schema` hands in.

For writing a revision by hand: `alembic -x url=sqlite+aiosqlite:///dev.db revision --autogenerate`.
"""

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection

from bot.store.engine import Database
from bot.store.tables import UtcDateTime, metadata


def _render(kind: str, thing: object, _autogen: object) -> str | Literal[False]:
    # A revision must not change when the code does: it names the plain type.
    is_time = kind == "type" and isinstance(thing, UtcDateTime)
    return "sa.DateTime(timezone=True)" if is_time else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run_on(url: str) -> None:
    database = Database(url)
    await database.at_once(_run, for_people=False)
    await database.close()


if handed := context.config.attributes.get("connection"):
    _run(handed)
else:
    asyncio.run(_run_on(context.get_x_argument(as_dictionary=True)["url"]))
