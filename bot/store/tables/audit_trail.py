"""The table of the audit trail: who started, stopped or changed what, from which channel."""

from sqlalchemy import Column, ForeignKey, Table, Text

from bot.store.tables.columns import Number, UtcDateTime, metadata, numbered, person

# Written in the transaction that did it. Only ever added to: triggers refuse the rest.
audit = Table(
    "audit",
    metadata,
    numbered(),
    Column("at", UtcDateTime, nullable=False),
    *person(),
    Column("act", Text, nullable=False),
    Column("project", Text),
    Column("job_id", Number, ForeignKey("jobs.id")),
    Column("subject", Text, nullable=False),
)
