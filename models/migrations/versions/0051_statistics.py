"""Industries of employers, and the counts of editions as they were last taken."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("employer") as batch:
        batch.add_column(
            sa.Column("industry", sa.String(length=1), server_default="", nullable=False)
        )
    op.create_table(
        "edition_tally",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_edition_tally_contest_id_contest")
        ),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_edition_tally")),
    )


def downgrade() -> None:
    op.drop_table("edition_tally")
    with op.batch_alter_table("employer") as batch:
        batch.drop_column("industry")
