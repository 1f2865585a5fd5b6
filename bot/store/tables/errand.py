"""The table of errands: questions that only PlayCanvas can answer."""

from sqlalchemy import CheckConstraint, Column, Table, Text

from bot.store.tables.columns import (
    UtcDateTime,
    index_due,
    leased,
    metadata,
    numbered,
    person,
    versioned,
)

# One person asks: asked -> answered. The answer goes to the asker alone.
errands = Table(
    "errands",
    metadata,
    numbered(),
    Column("state", Text, nullable=False),
    Column("intake_key", Text, nullable=False, unique=True),
    *person(),
    Column("response_url", Text),  # wiped when it is answered
    Column("errand", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL when it is answered
    Column("ended", Text),  # how it ended, in a word
    versioned(),
    *leased(),
    CheckConstraint("state IN ('asked', 'answered')", name="state"),
)
index_due(errands)
