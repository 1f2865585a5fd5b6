"""The tables of what is known of Slack: its channels and people, and what it delivers twice."""

from sqlalchemy import Boolean, Column, Table, Text, false

from bot.store.tables.columns import UtcDateTime, leased, metadata, numbered, person

# Where builds were asked for: those of public channels are shown to everyone. One that is not
# known yet, or that Slack does not show to the bot, counts as private.
channels = Table(
    "channels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("is_public", Boolean, nullable=False, server_default=false()),
    Column("due_at", UtcDateTime, nullable=False, index=True),  # when to look again
)

# Who is in a user group of Slack's, for the settings that name one.
user_groups = Table(
    "user_groups",
    metadata,
    Column("id", Text, primary_key=True),
    Column("members", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# Events that have been handled: Slack delivers them again, even after a restart.
deliveries = Table(
    "deliveries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# Words for one person alone: the answers to mentions and to buttons. A row goes, and its response
# URL with it, when it was said, or when Slack refuses it for good; `deliveries` keeps it from being
# said again.
whispers = Table(
    "whispers",
    metadata,
    numbered(),
    *person(),
    Column("thread_ts", Text),
    Column("response_url", Text),
    # in place of the message whose button was pressed
    Column("instead", Boolean, nullable=False, server_default=false()),
    Column("message", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    *leased(),
)

# App Homes: who opened theirs, and what it shows. A row goes a day after the last visit.
homes = Table(
    "homes",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),  # not to be published before
    Column("seen", Text),  # the mark of the world that it was last compared with
    Column("shown", Text),  # digest of what Slack shows; NULL: nothing yet
    *leased(),
)
