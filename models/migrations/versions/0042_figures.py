"""Figures: saved questions, frozen answers, replies that use them."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "counted",
                "typed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("library_key", sa.String(length=60), server_default="", nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_figure_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
    )
    with op.batch_alter_table("figure") as batch:
        batch.create_index(op.f("ix_figure_owner_id"), ["owner_id"], unique=False)
        batch.create_index("ix_figure_shared_owner", ["shared", "owner_id"], unique=False)
        batch.create_index(op.f("ix_figure_title"), ["title"], unique=False)

    op.create_table(
        "reply_kit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("addressee", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("names_shown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "sent", name="state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_reply_kit_sent")
        ),
        sa.CheckConstraint(
            "state <> 'sent' OR file_key IS NOT NULL", name=op.f("ck_reply_kit_file")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_reply_kit_owner_id")),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["account.id"], name=op.f("fk_reply_kit_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_kit")),
        sa.UniqueConstraint("file_key", name=op.f("uq_reply_kit_file_key")),
    )
    with op.batch_alter_table("reply_kit") as batch:
        batch.create_index(op.f("ix_reply_kit_owner_id"), ["owner_id"], unique=False)
        batch.create_index(op.f("ix_reply_kit_state"), ["state"], unique=False)

    op.create_table(
        "frozen_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "counted",
                "typed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("question_digest", sa.String(length=64), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("splits", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(signed_by_id IS NULL) = (signed_at IS NULL)", name=op.f("ck_frozen_figure_signed")
        ),
        sa.CheckConstraint("row_count >= 0", name=op.f("ck_frozen_figure_row_count")),
        sa.CheckConstraint(
            "signed_by_id IS NULL OR signed_by_id <> frozen_by_id",
            name=op.f("ck_frozen_figure_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figure.id"], name=op.f("fk_frozen_figure_figure_id")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["account.id"], name=op.f("fk_frozen_figure_frozen_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["account.id"], name=op.f("fk_frozen_figure_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_figure")),
        sa.UniqueConstraint("figure_id", "number", name=op.f("uq_frozen_figure_figure_id_number")),
    )
    op.create_table(
        "reply_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kit_id", sa.Integer(), nullable=False),
        sa.Column("frozen_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_id"], ["frozen_figure.id"], name=op.f("fk_reply_figure_frozen_id")
        ),
        sa.ForeignKeyConstraint(["kit_id"], ["reply_kit.id"], name=op.f("fk_reply_figure_kit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_figure")),
        sa.UniqueConstraint("kit_id", "frozen_id", name=op.f("uq_reply_figure_kit_id_frozen_id")),
        sa.UniqueConstraint("kit_id", "word", name=op.f("uq_reply_figure_kit_id_word")),
    )
    with op.batch_alter_table("reply_figure") as batch:
        batch.create_index(op.f("ix_reply_figure_frozen_id"), ["frozen_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reply_figure") as batch:
        batch.drop_index(op.f("ix_reply_figure_frozen_id"))

    op.drop_table("reply_figure")
    op.drop_table("frozen_figure")
    with op.batch_alter_table("reply_kit") as batch:
        batch.drop_index(op.f("ix_reply_kit_state"))
        batch.drop_index(op.f("ix_reply_kit_owner_id"))

    op.drop_table("reply_kit")
    with op.batch_alter_table("figure") as batch:
        batch.drop_index(op.f("ix_figure_title"))
        batch.drop_index("ix_figure_shared_owner")
        batch.drop_index(op.f("ix_figure_owner_id"))

    op.drop_table("figure")
