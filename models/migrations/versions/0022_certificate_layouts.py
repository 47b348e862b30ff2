"""Layouts of certificates, kept in every version that something was issued in."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "layout_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layout_version")),
        sa.UniqueConstraint("digest", name=op.f("uq_layout_version_digest")),
    )
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.add_column(sa.Column("layout_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_certificate_layout_id"), "layout_version", ["layout_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.drop_constraint(op.f("fk_certificate_layout_id"), type_="foreignkey")
        batch_op.drop_column("layout_id")
    op.drop_table("layout_version")
