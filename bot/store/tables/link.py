"""The tables of install links: who asked for one, and what is offered to everyone."""

from sqlalchemy import CheckConstraint, Column, Table, Text, text

from bot.store.tables.columns import (
    Number,
    UtcDateTime,
    index,
    index_due,
    leased,
    metadata,
    numbered,
    person,
    versioned,
)

# An install link moves asked -> served (its asker was shown one) | failed (was told why not).
#   While Applivery still processes the build it stays asked, due again later.
# Of purpose `post` it asks for a message for everyone, and is served when that is in `posts`.
# Who asked, for what, when, how it ended: what leads to the file is in no column, nor is the
# bearer. `response_url` lets anyone answer the asker, so it goes when the link is over.
links = Table(
    "links",
    metadata,
    numbered(),
    Column("state", Text, nullable=False),
    # trigger_id: the same command or press delivered twice is one link
    Column("intake_key", Text, nullable=False, unique=True),
    *person(),
    Column("response_url", Text),
    Column("purpose", Text, nullable=False, server_default=text("'link'")),  # link, post
    # Under which job's card or which post the button stood: there the taken links are listed.
    Column("job_id", Number),
    Column("post_id", Number),
    Column("app", Text, nullable=False),
    Column("build", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime, nullable=False),  # until then it is tried again
    Column("due_at", UtcDateTime),  # NULL when it is over
    Column("told_at", UtcDateTime),  # when the asker heard that it takes longer
    Column("outcome", Text),  # delivered, or the name of what was in the way
    Column("ended_at", UtcDateTime),
    versioned(),
    *leased(),
    CheckConstraint("state IN ('asked', 'served', 'failed')", name="state"),
    CheckConstraint("state = 'asked' OR response_url IS NULL", name="wiped"),
)
index_due(links)
# Who took a link under a job's card or a post.
for _origin in ("job_id", "post_id"):
    index(f"ix_links_taken_{_origin}", links.c[_origin], where=text("state = 'served'"))

# Messages for everyone with a button that gives each their own link: never the link itself.
posts = Table(
    "posts",
    metadata,
    numbered(),
    *person(),
    Column("response_url", Text),  # wiped once Slack no longer takes it
    Column("app", Text, nullable=False),
    Column("build", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
