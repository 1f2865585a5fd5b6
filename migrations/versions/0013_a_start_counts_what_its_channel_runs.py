"""A start counts what its channel runs, not what all run."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STARTED = sa.text("state IN ('submitting', 'running') AND due_at IS NOT NULL")


def upgrade() -> None:
    """Move the schema forward."""
    op.create_index(
        "ix_jobs_started",
        "jobs",
        ["channel_id"],
        sqlite_where=_STARTED,
        postgresql_where=_STARTED,
    )


def downgrade() -> None:
    """Move the schema back."""
    op.drop_index("ix_jobs_started", "jobs")
