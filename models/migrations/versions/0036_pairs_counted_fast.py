"""Indexes by which 40,000 pairs are counted by what became of them."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.drop_index("ix_mentorship_state_starts_on")
        batch_op.create_index(
            "ix_mentorship_state_dates", ["state", "starts_on", "ended_on", "ends_on"]
        )
        batch_op.create_index("ix_mentorship_learning", ["apprentice_id", "starts_on", "state"])


def downgrade() -> None:
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.drop_index("ix_mentorship_learning")
        batch_op.drop_index("ix_mentorship_state_dates")
        batch_op.create_index("ix_mentorship_state_starts_on", ["state", "starts_on"])
