"""Notices say in which order they name people."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "ordering",
                sa.Enum(
                    "award",
                    "award_strokes",
                    "strokes",
                    "pinyin",
                    "entry",
                    "employer",
                    name="ordering",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                server_default="award",
                nullable=False,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_notice_ordering"), type_="check")
        batch_op.drop_column("ordering")
