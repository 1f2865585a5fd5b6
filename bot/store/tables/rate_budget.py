"""The table of the rate budget, which all processes share."""

from sqlalchemy import Column, Integer, Table, Text

from bot.store.tables.columns import UtcDateTime, metadata

# One bucket for each account and class, see builds/bucket.py.
buckets = Table(
    "buckets",
    metadata,
    Column("account", Text, primary_key=True),
    Column("rate_class", Text, primary_key=True),
    Column("limit", Integer, nullable=False),
    Column("tat", UtcDateTime, nullable=False),
    Column("cool_until", UtcDateTime),  # no permit counts before, in hand or not
)
