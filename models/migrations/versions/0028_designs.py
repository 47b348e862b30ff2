"""Designs of certificates with their approved versions, and pictures of seals."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


KINDS = (
    "honour",
    "team",
    "coach",
    "level",
    "participation",
    "judge",
    "appointment",
    "plaque",
)


def _named(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "certificate_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("kind", _named("kind", *KINDS), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column(
            "state", _named("state", "draft", "submitted", "approved", "retired"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["account.id"], name=op.f("fk_certificate_template_changed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["account.id"],
            name=op.f("fk_certificate_template_submitted_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_template")),
        sa.UniqueConstraint("title", name=op.f("uq_certificate_template_title")),
    )
    op.create_table(
        "template_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_template_version_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["layout_id"], ["layout_version.id"], name=op.f("fk_template_version_layout_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_template_version_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["certificate_template.id"],
            name=op.f("fk_template_version_template_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_version")),
        sa.UniqueConstraint(
            "template_id", "number", name=op.f("uq_template_version_template_id_number")
        ),
    )
    op.create_table(
        "seal_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("transparent", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", _named("state", "draft", "approved", "withdrawn"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_seal_picture_size")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from <= valid_until", name=op.f("ck_seal_picture_days")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_seal_picture_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_seal_picture_uploaded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["account.id"], name=op.f("fk_seal_picture_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_picture")),
        sa.UniqueConstraint("file_key", name=op.f("uq_seal_picture_file_key")),
    )
    with op.batch_alter_table("seal_picture") as batch_op:
        batch_op.create_index(batch_op.f("ix_seal_picture_body"), ["body"])
        batch_op.create_index(batch_op.f("ix_seal_picture_file_sha256"), ["file_sha256"])


def downgrade() -> None:
    op.drop_table("seal_picture")
    op.drop_table("template_version")
    op.drop_table("certificate_template")
