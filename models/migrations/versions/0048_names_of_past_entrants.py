"""Of entrants of past contests only the name may be known."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("provincial_slot_member") as batch:
        batch.add_column(sa.Column("name", sa.String(length=60), server_default="", nullable=False))
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM provincial_slot_member WHERE person_id IS NULL")
    with op.batch_alter_table("provincial_slot_member") as batch:
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("name")
