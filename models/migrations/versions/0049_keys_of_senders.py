"""Exchange files are signed; keys of their senders are compared once."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("provincial_import") as batch:
        batch.add_column(
            sa.Column("signer", sa.String(length=64), server_default="", nullable=False)
        )
    op.create_table(
        "provincial_peer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("thumbprint", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_provincial_peer_added_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_peer")),
        sa.UniqueConstraint(
            "title", "thumbprint", name=op.f("uq_provincial_peer_title_thumbprint")
        ),
    )


def downgrade() -> None:
    op.drop_table("provincial_peer")
    with op.batch_alter_table("provincial_import") as batch:
        batch.drop_column("signer")
