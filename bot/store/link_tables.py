"""The tables of install links: who asked for one, what is offered to all, what apps are called."""

from sqlalchemy import (
    BigInteger,
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

# An install link moves asked -> served (its asker was shown one) | failed (was told why not).
#   While Applivery still processes the build it stays asked, due again later.
# Of purpose `post` it asks for a message for everyone, and is served when that is in `posts`.
# Who asked, for what, when, how it ended: what leads to the file is in no column, nor is the
# bearer. `response_url` lets anyone answer the asker, so it goes when the link is over.
links = Table(
    "links",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("state", Text, nullable=False),
    # trigger_id: the same command or press delivered twice is one link
    Column("intake_key", Text, nullable=False, unique=True),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("response_url", Text),
    Column("purpose", Text, nullable=False, server_default=text("'link'")),  # link, post
    # Under which job's card or which post the button stood: there the taken links are listed.
    Column("job_id", _Id),
    Column("post_id", _Id),
    Column("app", Text, nullable=False),
    Column("build", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime, nullable=False),  # until then it is tried again
    Column("due_at", UtcDateTime),  # NULL when it is over
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("told_at", UtcDateTime),  # when the asker heard that it takes longer
    Column("outcome", Text),  # delivered, or the name of what was in the way
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    CheckConstraint("state IN ('asked', 'served', 'failed')", name="state"),
    CheckConstraint("state = 'asked' OR response_url IS NULL", name="wiped"),
)
Index(
    "ix_links_due",
    links.c.due_at,
    sqlite_where=text("due_at IS NOT NULL"),
    postgresql_where=text("due_at IS NOT NULL"),
)

# Who took a link under a job's card or a post.
_TAKEN = text("state = 'served'")
for _origin in ("job_id", "post_id"):
    Index(
        f"ix_links_taken_{_origin}",
        links.c[_origin],
        sqlite_where=_TAKEN,
        postgresql_where=_TAKEN,
    )

# Messages for everyone with a button that gives each their own link: never the link itself.
posts = Table(
    "posts",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("response_url", Text),  # wiped once Slack no longer takes it
    Column("app", Text, nullable=False),
    Column("build", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# Apps of Applivery that have a name, and the PlayCanvas project that each is made of.
apps = Table(
    "apps",
    metadata,
    Column("folded", Text, primary_key=True),  # names that differ in case only are one
    Column("name", Text, nullable=False),
    Column("app", Text, nullable=False),
    Column("project", Text, index=True),
    Column("added_by", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)
