"""Notices stand in a chain: levels, and the proofs of notices that others posted."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_notice_proof_size")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_notice_proof_dates")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_notice_proof_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_notice_proof_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_notice_proof_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_proof")),
        sa.UniqueConstraint("file_key", name=op.f("uq_notice_proof_file_key")),
    )
    op.create_index(op.f("ix_notice_proof_contest_id"), "notice_proof", ["contest_id"])
    op.create_table(
        "notice_proof_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proof_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proof_id"], ["notice_proof.id"], name=op.f("fk_notice_proof_item_proof_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_notice_proof_item_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_proof_item")),
        sa.UniqueConstraint(
            "proof_id", "revision_id", name=op.f("uq_notice_proof_item_proof_id_revision_id")
        ),
    )
    op.create_index(op.f("ix_notice_proof_item_revision_id"), "notice_proof_item", ["revision_id"])
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("level", sa.String(length=20), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_column("level")
    op.drop_table("notice_proof_item")
    op.drop_table("notice_proof")
