"""Lists of the past, and the editions that are known from them alone."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_KNOWN = sa.text("person_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "history_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "editions",
                "honours",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
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
        sa.Column("header_row", sa.Integer(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_history_import_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_history_import_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_import")),
    )
    with op.batch_alter_table("history_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_import_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_import_state"), ["state"], unique=False)

    op.create_table(
        "history_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["history_import.id"], name=op.f("fk_history_edition_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_edition")),
        sa.UniqueConstraint("title", "year", name=op.f("uq_history_edition_title_year")),
    )
    with op.batch_alter_table("history_edition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_history_edition_import_id"), ["import_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_history_edition_year"), ["year"], unique=False)

    op.create_table(
        "history_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["history_edition.id"], name=op.f("fk_history_event_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["history_import.id"], name=op.f("fk_history_event_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_event")),
        sa.UniqueConstraint("edition_id", "title", name=op.f("uq_history_event_edition_id_title")),
    )
    with op.batch_alter_table("history_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_event_import_id"), ["import_id"], unique=False)

    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("division", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("of_company", sa.Boolean(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "competed",
                "absent",
                "withdrawn",
                "violation",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("mark", sa.BigInteger(), nullable=True),
        sa.Column("prize", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.CheckConstraint("place IS NULL OR place > 0", name=op.f("ck_history_entry_place")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_history_entry_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["history_event.id"], name=op.f("fk_history_entry_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["history_import.id"], name=op.f("fk_history_entry_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_history_entry_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_history_entry_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_entry_import_id"), ["import_id"], unique=False)

    op.create_table(
        "history_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "level IS NULL OR level BETWEEN 1 AND 5", name=op.f("ck_history_member_level")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["history_entry.id"], name=op.f("fk_history_member_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["history_event.id"], name=op.f("fk_history_member_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["person_level.id"], name=op.f("fk_history_member_level_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_history_member_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_member")),
    )
    with op.batch_alter_table("history_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_member_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_member_level_id"), ["level_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_history_member_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "uq_history_member_event_id_person_id",
            ["event_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )


def downgrade() -> None:
    for name in ("member", "entry", "event", "edition", "import"):
        op.drop_table(f"history_{name}")
