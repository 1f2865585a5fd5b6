"""Whispers answer buttons."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward."""
    with op.batch_alter_table("whispers") as whispers:
        whispers.add_column(sa.Column("response_url", sa.Text(), nullable=True))
        whispers.add_column(
            sa.Column("instead", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    """Move the schema back."""
    with op.batch_alter_table("whispers") as whispers:
        whispers.drop_column("instead")
        whispers.drop_column("response_url")
