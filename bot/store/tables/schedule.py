"""The table of schedules: what is built again and again."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, Text

from bot.store.tables.columns import UtcDateTime, index_due, leased, metadata, numbered, person

# A schedule is due at `next_at`, or before it has a zone: its owner's is looked up first.
#   Each time it starts one job, whose intake key names the schedule and the time.
#   Paused it has no `next_at`; `pause` says why. Deleted it is gone; the audit trail knows.
schedules = Table(
    "schedules",
    metadata,
    numbered(),
    Column("intake_key", Text, nullable=False, unique=True),
    *person(),
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
    *leased(),
    CheckConstraint("(pause IS NULL) = (due_at IS NOT NULL)", name="paused"),
)
index_due(schedules)
Index("ix_schedules_channel", schedules.c.channel_id, schedules.c.id)
