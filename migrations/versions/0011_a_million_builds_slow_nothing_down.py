"""A million finished builds slow nothing down."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_DUE = sa.text("due_at IS NOT NULL")
_ADDRESSED = sa.text("response_url IS NOT NULL")
_ACTIVE = sa.text("state IN ('accepted', 'queued', 'submitting', 'running')")
_AMISS = sa.text("state IN ('failed', 'expired', 'unwatched', 'cancelled', 'rejected')")
_WHOSE = {"channel": "channel_id", "user": "user_id", "project": "project"}


def upgrade() -> None:
    """Move the schema forward."""
    # The first columns stay: what an earlier version looks for is found here as well.
    op.drop_index("ix_jobs_eagerness", "jobs")
    op.drop_index("ix_jobs_due", "jobs")
    _create("ix_jobs_due", ["state", "due_at", "eagerness", "channel_id"], _DUE)
    for name, column in _WHOSE.items():
        _create(f"ix_jobs_{name}_active", [column, "id"], _ACTIVE)
        _create(f"ix_jobs_{name}_amiss", [column, "state", "id"], _AMISS)
    _create("ix_jobs_response_url", ["accepted_at"], _ADDRESSED)
    _create("ix_jobs_over", ["state", "due_at"], sa.text("due_at IS NULL"))


def downgrade() -> None:
    """Move the schema back."""
    op.drop_index("ix_jobs_over", "jobs")
    op.drop_index("ix_jobs_response_url", "jobs")
    for name in _WHOSE:
        op.drop_index(f"ix_jobs_{name}_amiss", "jobs")
        op.drop_index(f"ix_jobs_{name}_active", "jobs")
    op.drop_index("ix_jobs_due", "jobs")
    _create("ix_jobs_due", ["state", "due_at"], _DUE)
    _create("ix_jobs_eagerness", ["state", "eagerness"], _DUE)


def _create(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "jobs", columns, sqlite_where=where, postgresql_where=where)
