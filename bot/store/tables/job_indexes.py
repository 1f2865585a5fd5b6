"""The indexes of the jobs: what is asked again and again, however many there have been."""

from sqlalchemy import ColumnElement, Index, TextClause, and_, literal_column, text

from bot.store.tables.columns import index
from bot.store.tables.job import jobs

_ACTIVE = text("state IN ('accepted', 'queued', 'submitting', 'running')")
_AMISS = text("state IN ('failed', 'expired', 'unwatched', 'cancelled', 'rejected')")
_STARTED = text("state IN ('submitting', 'running')")


def _among(condition: TextClause) -> ColumnElement[bool]:
    """Write an index's own condition for a query: SQLite uses the index for these words alone."""
    words = condition.text.partition("(")[2].strip(")").split(", ")
    return jobs.c.state.in_([literal_column(word) for word in words])


is_active, is_amiss = _among(_ACTIVE), _among(_AMISS)
is_started = and_(_among(_STARTED), jobs.c.due_at.is_not(None))
# The loops only ever look at what is due; finished jobs do not burden them. What all running jobs
# together ask of the budget is added up from this alone, and which channels wait.
index(
    "ix_jobs_due",
    jobs.c.state,
    jobs.c.due_at,
    jobs.c.eagerness,
    jobs.c.channel_id,
    where=text("due_at IS NOT NULL"),
)
# What a channel has under way at PlayCanvas decides whose turn it is to start.
index("ix_jobs_started", jobs.c.channel_id, where=text(f"{_STARTED} AND due_at IS NOT NULL"))
# A second press of the same button finds the job that the first one made.
index("uq_jobs_retry_of_active", jobs.c.retry_of, where=_ACTIVE, unique=True)
# Who asks for what is already being built is told so.
index("ix_jobs_likeness_active", jobs.c.likeness, where=_ACTIVE)
# What /builds lists: a channel's jobs, a person's, a project's, newest first.
Index("ix_jobs_channel", jobs.c.channel_id, jobs.c.id)
Index("ix_jobs_user", jobs.c.user_id, jobs.c.id)
Index("ix_jobs_project", jobs.c.project, jobs.c.id)
# The same of what is under way, and of the few that did not get ready, among a million that did.
for _whose in ("channel", "user", "project"):
    _column = jobs.c[_whose if _whose == "project" else f"{_whose}_id"]
    index(f"ix_jobs_{_whose}_active", _column, jobs.c.id, where=_ACTIVE)
    index(f"ix_jobs_{_whose}_amiss", _column, jobs.c.state, jobs.c.id, where=_AMISS)
# How many have ended in each state; one on the state alone would be taken for everything.
index("ix_jobs_over", jobs.c.state, jobs.c.due_at, where=text("due_at IS NULL"))
# What the sweeper has yet to wipe.
index("ix_jobs_response_url", jobs.c.accepted_at, where=text("response_url IS NOT NULL"))
# Without most jobs, which have none: nobody looks for those.
index("ix_jobs_parent", jobs.c.parent_id, where=text("parent_id IS NOT NULL"))
Index("ix_jobs_series", jobs.c.series, jobs.c.ended_at)
# How long anything of the account took lately.
index("ix_jobs_ready", jobs.c.kind, jobs.c.ended_at, where=text("state = 'ready'"))
