"""One reply speaks for others."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward."""
    op.add_column("notices", sa.Column("told_in", sa.BigInteger(), nullable=True))
    told = sa.text("told_in IS NOT NULL")
    op.create_index(
        "ix_notices_told_in", "notices", ["told_in"], sqlite_where=told, postgresql_where=told
    )


def downgrade() -> None:
    """Move the schema back."""
    op.drop_index("ix_notices_told_in", "notices")
    op.drop_column("notices", "told_in")
