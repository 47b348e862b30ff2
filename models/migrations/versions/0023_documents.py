"""Official documents and their Word templates."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "notice",
                "decision",
                "winners",
                "levels",
                "payments",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "retired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_template_size")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_document_template_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_document_template_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_document_template_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_template")),
        sa.UniqueConstraint("file_key", name=op.f("uq_document_template_file_key")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_document_template_kind_number")),
    )
    with op.batch_alter_table("document_template", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_template_contest_id"), ["contest_id"], unique=False
        )
        batch_op.create_index(
            "uq_document_template_general",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("state = 'approved' AND contest_id IS NULL"),
            postgresql_where=sa.text("state = 'approved' AND contest_id IS NULL"),
        )
        batch_op.create_index(
            "uq_document_template_own",
            ["kind", "contest_id"],
            unique=True,
            sqlite_where=sa.text("state = 'approved' AND contest_id IS NOT NULL"),
            postgresql_where=sa.text("state = 'approved' AND contest_id IS NOT NULL"),
        )

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "notice",
                "decision",
                "winners",
                "levels",
                "payments",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("left_out", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "made",
                "superseded",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_size")),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_document_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_document_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["document.id"], name=op.f("fk_document_replaced_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["document_template.id"], name=op.f("fk_document_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("file_key", name=op.f("uq_document_file_key")),
        sa.UniqueConstraint("number", name=op.f("uq_document_number")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_contest_id"), ["contest_id"], unique=False)

    op.create_table(
        "document_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_item_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_document_item_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_item")),
        sa.UniqueConstraint(
            "document_id", "revision_id", name=op.f("uq_document_item_document_id_revision_id")
        ),
    )
    with op.batch_alter_table("document_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_item_revision_id"), ["revision_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("document_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_item_revision_id"))

    op.drop_table("document_item")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_contest_id"))

    op.drop_table("document")
    with op.batch_alter_table("document_template", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_document_template_own",
            sqlite_where=sa.text("state = 'approved' AND contest_id IS NOT NULL"),
            postgresql_where=sa.text("state = 'approved' AND contest_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_document_template_general",
            sqlite_where=sa.text("state = 'approved' AND contest_id IS NULL"),
            postgresql_where=sa.text("state = 'approved' AND contest_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_document_template_contest_id"))

    op.drop_table("document_template")
