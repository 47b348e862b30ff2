"""Codes are sealed in layers."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keyholder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("secret_box", sa.String(length=200), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("operations", sa.Integer(), nullable=False),
        sa.Column("memory", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_keyholder_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyholder")),
        sa.UniqueConstraint("public_key", name=op.f("uq_keyholder_public_key")),
    )
    op.create_index(
        "uq_keyholder_account_id",
        "keyholder",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "sealing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("layers", sa.Integer(), nullable=False),
        sa.Column("escrow", sa.Boolean(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["account.id"], name=op.f("fk_sealing_begun_by_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sealing_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing")),
        sa.UniqueConstraint("event_id", name=op.f("uq_sealing_event_id")),
    )
    op.create_table(
        "sealed_layer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealer_id", sa.Integer(), nullable=False),
        sa.Column("keyholder_id", sa.Integer(), nullable=False),
        sa.Column("escrow_keyholder_id", sa.Integer(), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("escrow_box", sa.Text(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["escrow_keyholder_id"],
            ["keyholder.id"],
            name=op.f("fk_sealed_layer_escrow_keyholder_id"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sealed_layer_event_id")),
        sa.ForeignKeyConstraint(
            ["keyholder_id"], ["keyholder.id"], name=op.f("fk_sealed_layer_keyholder_id")
        ),
        sa.ForeignKeyConstraint(
            ["sealer_id"], ["account.id"], name=op.f("fk_sealed_layer_sealer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_layer")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_sealed_layer_event_id_number")),
        sa.UniqueConstraint(
            "event_id", "sealer_id", name=op.f("uq_sealed_layer_event_id_sealer_id")
        ),
    )
    op.create_index(op.f("ix_sealed_layer_sealer_id"), "sealed_layer", ["sealer_id"], unique=False)
    op.create_table(
        "layer_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("is_escrow", sa.Boolean(), nullable=False),
        sa.Column("witnesses", sa.JSON(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["layer_id"], ["sealed_layer.id"], name=op.f("fk_layer_opening_layer_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_layer_opening_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layer_opening")),
        sa.UniqueConstraint("layer_id", name=op.f("uq_layer_opening_layer_id")),
    )
    op.create_table(
        "layer_witness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_layer_witness_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["layer_id"], ["sealed_layer.id"], name=op.f("fk_layer_witness_layer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layer_witness")),
        sa.UniqueConstraint(
            "layer_id", "account_id", name=op.f("uq_layer_witness_layer_id_account_id")
        ),
    )


def downgrade() -> None:
    for name in ("layer_witness", "layer_opening", "sealed_layer", "sealing", "keyholder"):
        op.drop_table(name)
