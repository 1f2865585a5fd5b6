"""Only children are looked for by their parent."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward."""
    children = sa.text("parent_id IS NOT NULL")
    op.drop_index("ix_jobs_parent", "jobs")
    op.create_index(
        "ix_jobs_parent", "jobs", ["parent_id"], sqlite_where=children, postgresql_where=children
    )


def downgrade() -> None:
    """Move the schema back."""
    op.drop_index("ix_jobs_parent", "jobs")
    op.create_index("ix_jobs_parent", "jobs", ["parent_id"])
