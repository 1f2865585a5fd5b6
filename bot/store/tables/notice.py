"""The tables of the outbox: what users must be told, and when Slack may be told the next thing."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.tables.columns import (
    Number,
    UtcDateTime,
    index,
    index_due,
    leased,
    metadata,
    numbered,
)

# The outbox. A notice is open until what is shown is what is wanted:
#   wanted > shown: to be posted or updated; posting_since set: maybe sent, in doubt.
#   undeliverable: why Slack refuses the place for good.
notices = Table(
    "notices",
    metadata,
    numbered(),
    Column("job_id", Number, ForeignKey("jobs.id")),  # what it is about: a job, or a post
    Column("post_id", Number, ForeignKey("posts.id")),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),  # the id in the message's metadata
    Column("channel_id", Text, nullable=False),
    Column("lane", Text, nullable=False),  # what shares one pace at Slack
    Column("urgency", Integer, nullable=False),
    Column("wanted", Integer, nullable=False, server_default=text("1")),
    Column("shown", Integer, nullable=False, server_default=text("0")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL when there is nothing to do
    Column("posting_since", UtcDateTime),
    Column("tried_since", UtcDateTime),  # the first of the attempts without a clear answer
    Column("ts", Text),
    Column("undeliverable", Text),
    Column("told_in", BigInteger),  # the reply of another job that tells of this one as well
    *leased(),
    # exactly one card, one reply, one answer, one list of links taken for each
    UniqueConstraint("job_id", "kind"),
    UniqueConstraint("post_id", "kind"),
    CheckConstraint("(job_id IS NULL) <> (post_id IS NULL)", name="about"),
)
index("ix_notices_told_in", notices.c.told_in, where=text("told_in IS NOT NULL"))
index_due(notices)

# When each lane may carry the next message: one a second in a channel, updates per workspace.
lanes = Table(
    "lanes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("opens_at", UtcDateTime, nullable=False),
)
