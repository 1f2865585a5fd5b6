"""Channels are public or private."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward."""
    op.create_table(
        "channels",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
    )
    with op.batch_alter_table("channels") as channels:
        channels.create_index(op.f("ix_channels_due_at"), ["due_at"])
    # Where something was built already: looked at first of all.
    op.execute(
        "INSERT INTO channels (id, due_at)"
        " SELECT channel_id, MIN(accepted_at) FROM jobs GROUP BY channel_id"
    )


def downgrade() -> None:
    """Move the schema back."""
    op.drop_table("channels")
