"""The tables: every state and event with its arrow, the rules as indexes."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would be read as another hour elsewhere."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


# SQLite counts up by itself only in a column that is exactly INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

# A job moves accepted -> queued -> submitting -> running -> ready | failed | expired | unwatched,
#   nowhere -> running (an unwatched one is watched again: a new job with the same remote_id),
#   submitting -> queued (did not get through) | failed (refused),
#   accepted | queued -> cancelled, accepted -> rejected (a name that does not exist),
#   nowhere -> queued (one branch of several that are archived at once).
jobs = Table(
    "jobs",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    # trigger_id, envelope or event id: the same command delivered twice is one job
    Column("intake_key", Text, nullable=False, unique=True),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("thread_ts", Text),
    Column("response_url", Text),  # wiped once Slack no longer takes it
    Column("project", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("resolved", Text),
    Column("series", Text),  # jobs whose durations can be compared
    Column("remote_id", BigInteger),
    Column("outcome", Text),
    Column("trouble", Text),  # the last question that got no answer
    Column("retry_of", _Id, ForeignKey("jobs.id")),
    Column("parent_id", _Id, ForeignKey("jobs.id")),  # one of several archives asked for at once
    Column("likeness", Text),  # the same for requests that mean the same build
    Column("watchers", Text, nullable=False, server_default=text("'[]'")),
    Column("accepted_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),  # by PlayCanvas's clock
    Column("ended_at", UtcDateTime),  # when that was recorded
    Column("deadline_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL in a terminal state
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("eagerness", Float),  # while it runs: its part in what the budget is asked for
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    CheckConstraint(
        "state IN ('accepted', 'queued', 'submitting', 'running', 'ready', 'failed', 'expired',"
        " 'unwatched', 'cancelled', 'rejected')",
        name="state",
    ),
)

# Who asked for what was being built already: a second delivery of the same command joins again,
# even when that build is over by then.
joins = Table(
    "joins",
    metadata,
    Column("intake_key", Text, primary_key=True),
    Column("job_id", _Id, ForeignKey("jobs.id"), nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# What happened to a job: one row for each arrow it took, the first from nowhere.
events = Table(
    "events",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("job_id", _Id, ForeignKey("jobs.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("detail", Text),
)

# The outbox. A notice is open until what is shown is what is wanted:
#   wanted > shown: to be posted or updated; posting_since set: maybe sent, in doubt.
#   undeliverable: Slack refuses the place for good, said in `error`.
notices = Table(
    "notices",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("job_id", _Id, ForeignKey("jobs.id")),  # what it is about: a job, or a post
    Column("post_id", _Id, ForeignKey("posts.id")),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),  # the id in the message's metadata
    Column("channel_id", Text, nullable=False),
    Column("lane", Text, nullable=False),  # what shares one pace at Slack
    Column("urgency", Integer, nullable=False),
    Column("wanted", Integer, nullable=False, server_default=text("1")),
    Column("shown", Integer, nullable=False, server_default=text("0")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL when there is nothing to do
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("posting_since", UtcDateTime),
    Column("tried_since", UtcDateTime),  # the first of the attempts without a clear answer
    Column("ts", Text),
    Column("undeliverable", Text),
    Column("told_in", BigInteger),  # the reply of another job that tells of this one as well
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    # exactly one card, one reply, one answer, one list of links taken for each
    UniqueConstraint("job_id", "kind"),
    UniqueConstraint("post_id", "kind"),
    CheckConstraint("(job_id IS NULL) <> (post_id IS NULL)", name="about"),
)
Index(
    "ix_notices_told_in",
    notices.c.told_in,
    sqlite_where=text("told_in IS NOT NULL"),
    postgresql_where=text("told_in IS NOT NULL"),
)
Index(
    "ix_notices_due",
    notices.c.due_at,
    sqlite_where=text("due_at IS NOT NULL"),
    postgresql_where=text("due_at IS NOT NULL"),
)

# Where builds were asked for: those of public channels are shown to everyone. One that is not
# known yet, or that Slack does not show to the bot, counts as private.
channels = Table(
    "channels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("is_public", Boolean, nullable=False, server_default=false()),
    Column("due_at", UtcDateTime, nullable=False, index=True),  # when to look again
)

# When each lane may carry the next message: one a second in a channel, updates per workspace.
lanes = Table(
    "lanes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("opens_at", UtcDateTime, nullable=False),
)

# The rate budget: one bucket for each account and class, see builds/bucket.py.
buckets = Table(
    "buckets",
    metadata,
    Column("account", Text, primary_key=True),
    Column("rate_class", Text, primary_key=True),
    Column("limit", Integer, nullable=False),
    Column("tat", UtcDateTime, nullable=False),
    Column("cool_until", UtcDateTime),  # no permit counts before, in hand or not
)

# The catalogue: names as they were last seen, for suggestions and menus, never to start a build.
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

# A question about PlayCanvas that only PlayCanvas can answer, asked by one person:
#   asked -> answered. The answer goes to the asker alone.
errands = Table(
    "errands",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("state", Text, nullable=False),
    Column("intake_key", Text, nullable=False, unique=True),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("response_url", Text),  # wiped when it is answered
    Column("errand", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL when it is answered
    Column("ended", Text),  # how it ended, in a word
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    CheckConstraint("state IN ('asked', 'answered')", name="state"),
)
Index(
    "ix_errands_due",
    errands.c.due_at,
    sqlite_where=text("due_at IS NOT NULL"),
    postgresql_where=text("due_at IS NOT NULL"),
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
    Column("id", _Id, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("thread_ts", Text),
    Column("user_id", Text, nullable=False),
    Column("response_url", Text),
    # in place of the message whose button was pressed
    Column("instead", Boolean, nullable=False, server_default=false()),
    Column("message", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
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
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
)

# Who started, stopped or changed what, from which channel: written in the transaction that did it.
# Only ever added to: triggers refuse the rest.
audit = Table(
    "audit",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("project", Text),
    Column("job_id", _Id, ForeignKey("jobs.id")),
    Column("subject", Text, nullable=False),
)

# Who is in a user group of Slack's, for the settings that name one.
user_groups = Table(
    "user_groups",
    metadata,
    Column("id", Text, primary_key=True),
    Column("members", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)
