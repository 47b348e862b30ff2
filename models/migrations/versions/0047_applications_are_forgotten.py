"""Applications remember since when what they said is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the instant from which nothing of an application is left but its result."""
    with op.batch_alter_table("selection_application") as table:
        table.add_column(sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("selection_application") as table:
        table.drop_column("forgotten_at")
