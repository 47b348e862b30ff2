"""Amendments of a published round wait for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "selection_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_change_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_selection_change_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_change")),
        sa.UniqueConstraint("round_id", name=op.f("uq_selection_change_round_id")),
    )


def downgrade() -> None:
    op.drop_table("selection_change")
