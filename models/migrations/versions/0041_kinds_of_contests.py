"""An edition is a contest, or carries the result of a selection."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Enum(
        "contest",
        "selection",
        "external",
        name="kind",
        native_enum=False,
        create_constraint=True,
        length=24,
    )
    with op.batch_alter_table("contest") as batch:
        batch.add_column(sa.Column("kind", kind, server_default="contest", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("contest") as batch:
        batch.drop_constraint(op.f("ck_contest_kind"), type_="check")
        batch.drop_column("kind")
