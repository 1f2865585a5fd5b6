"""The tables of jobs: what was asked for, who joined, and what happened."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Float, ForeignKey, Table, Text, text

from bot.store.tables.columns import (
    Number,
    UtcDateTime,
    leased,
    metadata,
    numbered,
    person,
    versioned,
)

# A job moves accepted -> queued -> submitting -> running -> ready | failed | expired | unwatched,
#   nowhere -> running (an unwatched one is watched again: a new job with the same remote_id),
#   submitting -> queued (did not get through) | failed (refused),
#   accepted | queued -> cancelled, accepted -> rejected (a name that does not exist),
#   nowhere -> queued (one branch of several that are archived at once).
# What it is looked up by is in job_indexes.py.
jobs = Table(
    "jobs",
    metadata,
    numbered(),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    # trigger_id, envelope or event id: the same command delivered twice is one job
    Column("intake_key", Text, nullable=False, unique=True),
    *person(),
    Column("thread_ts", Text),
    Column("response_url", Text),  # wiped once Slack no longer takes it
    Column("project", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("resolved", Text),
    Column("series", Text),  # jobs whose durations can be compared
    Column("remote_id", BigInteger),
    Column("outcome", Text),
    Column("trouble", Text),  # the last question that got no answer
    Column("retry_of", Number, ForeignKey("jobs.id")),
    Column("parent_id", Number, ForeignKey("jobs.id")),  # one of several archives asked for at once
    Column("likeness", Text),  # the same for requests that mean the same build
    Column("watchers", Text, nullable=False, server_default=text("'[]'")),
    Column("accepted_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),  # by PlayCanvas's clock
    Column("ended_at", UtcDateTime),  # when that was recorded
    Column("deadline_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # NULL in a terminal state
    Column("eagerness", Float),  # while it runs: its part in what the budget is asked for
    versioned(),
    *leased(),
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
    Column("job_id", Number, ForeignKey("jobs.id"), nullable=False),
    Column("user_id", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# What happened to a job: one row for each arrow it took, the first from nowhere.
events = Table(
    "events",
    metadata,
    numbered(),
    Column("job_id", Number, ForeignKey("jobs.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("detail", Text),
)
