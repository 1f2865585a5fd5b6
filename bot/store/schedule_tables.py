"""The table of schedules: what is built again and again."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from bot.store.tables import UtcDateTime, metadata

# SQLite counts up by itself only in a column that is exactly INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

# A schedule is due at `next_at`, or before it has a zone: its owner's is looked up first.
#   Each time it starts one job, whose intake key names the schedule and the time.
#   Paused it has no `next_at`; `pause` says why. Deleted it is gone; the audit trail knows.
schedules = Table(
    "schedules",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("intake_key", Text, nullable=False, unique=True),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("response_url", Text),  # wiped when its first time has been told
    Column("project", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("cron", Text, nullable=False),
    Column("zone", Text),
    Column("if_changed", Boolean, nullable=False),
    Column("next_at", UtcDateTime),
    Column("pause", Text),
    Column("paused_by", Text),  # NULL where it paused itself
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL while it is paused
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    CheckConstraint("(pause IS NULL) = (due_at IS NOT NULL)", name="paused"),
)
Index(
    "ix_schedules_due",
    schedules.c.due_at,
    sqlite_where=text("due_at IS NOT NULL"),
    postgresql_where=text("due_at IS NOT NULL"),
)
Index("ix_schedules_channel", schedules.c.channel_id, schedules.c.id)
