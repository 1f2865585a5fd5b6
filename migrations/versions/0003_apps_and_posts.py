"""Apps that have names, and posts that give everyone a link of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TAKEN = sa.text("state = 'served'")


def upgrade() -> None:
    """Move the schema forward."""
    op.create_table(
        "apps",
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("folded", name=op.f("pk_apps")),
    )
    op.create_index("ix_apps_project", "apps", ["project"])
    op.create_table(
        "posts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("response_url", sa.Text(), nullable=True),
        sa.Column("app", sa.Text(), nullable=False),
        sa.Column("build", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("post_id", _ID, nullable=True))
        batch_op.alter_column("job_id", existing_type=_ID, nullable=True)
        batch_op.create_foreign_key(op.f("fk_notices_post_id"), "posts", ["post_id"], ["id"])
        batch_op.create_unique_constraint(op.f("uq_notices_post_id_kind"), ["post_id", "kind"])
        batch_op.create_check_constraint(
            op.f("ck_notices_about"), "(job_id IS NULL) <> (post_id IS NULL)"
        )
    purpose = sa.Column("purpose", sa.Text(), server_default=sa.text("'link'"), nullable=False)
    op.add_column("links", purpose)
    for origin in ("job_id", "post_id"):
        op.add_column("links", sa.Column(origin, _ID, nullable=True))
        op.create_index(
            f"ix_links_taken_{origin}",
            "links",
            [origin],
            sqlite_where=_TAKEN,
            postgresql_where=_TAKEN,
        )
