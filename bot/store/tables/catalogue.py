"""The tables of names: what teams call their projects and apps, and what PlayCanvas has in them."""

from sqlalchemy import Column, Table, Text

from bot.store.tables.columns import UtcDateTime, metadata

# Names as they were last seen, for suggestions and menus, never to start a build.
seen = Table(
    "seen",
    metadata,
    Column("project", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # scene, branch
    Column("remote_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# Projects that have a short name, with what their builds get when a command does not say.
projects = Table(
    "projects",
    metadata,
    Column("folded", Text, primary_key=True),  # names that differ in case only are one
    Column("name", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("engine", Text),
    Column("branch", Text),
    Column("added_by", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

# Apps of Applivery that have a name, and the PlayCanvas project that each is made of.
apps = Table(
    "apps",
    metadata,
    Column("folded", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("app", Text, nullable=False),
    Column("project", Text, index=True),
    Column("added_by", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)
