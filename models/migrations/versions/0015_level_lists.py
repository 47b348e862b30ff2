"""Lists of recommended levels, and the levels that people hold."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "level_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_layout")),
        sa.UniqueConstraint("title", name=op.f("uq_level_layout_title")),
    )
    op.create_table(
        "level_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "sent",
                "closed",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_level_list_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_level_list_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["layout_id"], ["level_layout.id"], name=op.f("fk_level_list_layout_id")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["account.id"], name=op.f("fk_level_list_prepared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_level_list_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_list")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_level_list_contest_id_number")),
    )
    op.create_table(
        "level_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "previewed",
                "confirmed",
                "discarded",
                "undone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_level_return_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["level_list.id"], name=op.f("fk_level_return_list_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_return")),
    )
    with op.batch_alter_table("level_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_level_return_list_id"), ["list_id"], unique=False)

    op.create_table(
        "level_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("has_problem", sa.Boolean(), nullable=False),
        sa.Column(
            "settled",
            sa.Enum(
                "kept",
                "dropped",
                name="settled",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_level_line_level")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["level_grant.id"], name=op.f("fk_level_line_grant_id")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["level_list.id"], name=op.f("fk_level_line_list_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_level_line_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_line")),
        sa.UniqueConstraint("list_id", "grant_id", name=op.f("uq_level_line_list_id_grant_id")),
    )
    with op.batch_alter_table("level_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_level_line_grant_id"), ["grant_id"], unique=False)
        batch_op.create_index(
            "uq_level_line_active",
            ["person_id", "occupation", "level"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "person_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("certificate_number", sa.String(length=40), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_person_level_level")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["level_line.id"], name=op.f("fk_person_level_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_level_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_level")),
        sa.UniqueConstraint("line_id", name=op.f("uq_person_level_line_id")),
        sa.UniqueConstraint(
            "person_id",
            "occupation",
            "level",
            name=op.f("uq_person_level_person_id_occupation_level"),
        ),
    )
    with op.batch_alter_table("person_level", schema=None) as batch_op:
        batch_op.create_index(
            "uq_person_level_certificate_number",
            ["certificate_number"],
            unique=True,
            sqlite_where=sa.text("certificate_number IS NOT NULL"),
            postgresql_where=sa.text("certificate_number IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("person_level", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_person_level_certificate_number",
            sqlite_where=sa.text("certificate_number IS NOT NULL"),
            postgresql_where=sa.text("certificate_number IS NOT NULL"),
        )

    op.drop_table("person_level")
    with op.batch_alter_table("level_line", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_level_line_active",
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )
        batch_op.drop_index(batch_op.f("ix_level_line_grant_id"))

    op.drop_table("level_line")
    with op.batch_alter_table("level_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_level_return_list_id"))

    op.drop_table("level_return")
    op.drop_table("level_list")
    op.drop_table("level_layout")
