"""Files of applications for workshops and of yearly reports."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workshop_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_workshop_file_size")),
        sa.CheckConstraint(
            "(application_id IS NULL) <> (report_id IS NULL)",
            name=op.f("ck_workshop_file_one_holder"),
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_workshop_file_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["workshop_application.id"],
            name=op.f("fk_workshop_file_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["workshop_report.id"], name=op.f("fk_workshop_file_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_file")),
        sa.UniqueConstraint("file_key", name=op.f("uq_workshop_file_file_key")),
        sa.UniqueConstraint(
            "application_id", "sha256", name=op.f("uq_workshop_file_application_id_sha256")
        ),
        sa.UniqueConstraint("report_id", "sha256", name=op.f("uq_workshop_file_report_id_sha256")),
    )


def downgrade() -> None:
    op.drop_table("workshop_file")
