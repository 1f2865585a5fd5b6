"""Looks are shared out by eagerness."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward."""
    op.add_column("jobs", sa.Column("eagerness", sa.Float(), nullable=True))
    due, ready = sa.text("due_at IS NOT NULL"), sa.text("state = 'ready'")
    op.create_index(
        "ix_jobs_eagerness",
        "jobs",
        ["state", "eagerness"],
        sqlite_where=due,
        postgresql_where=due,
    )
    op.create_index(
        "ix_jobs_ready",
        "jobs",
        ["kind", "ended_at"],
        sqlite_where=ready,
        postgresql_where=ready,
    )


def downgrade() -> None:
    """Move the schema back."""
    op.drop_index("ix_jobs_ready", "jobs")
    op.drop_index("ix_jobs_eagerness", "jobs")
    op.drop_column("jobs", "eagerness")
