"""Notices have an end."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward."""
    with op.batch_alter_table("notices") as notices:
        notices.add_column(sa.Column("tried_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Move the schema back."""
    with op.batch_alter_table("notices") as notices:
        notices.drop_column("tried_since")
