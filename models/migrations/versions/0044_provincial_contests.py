"""Contests of province, nation and world to which the city sends people."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provincial_contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "nation",
                "world",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("class_title", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("delegation_title", sa.String(length=80), nullable=False),
        sa.Column("entry_until", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "entered",
                "held",
                "closed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("carrier_id", sa.Integer(), nullable=True),
        sa.Column("teams", sa.Integer(), nullable=True),
        sa.Column("own_rank", sa.Integer(), nullable=True),
        sa.Column("is_public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "own_rank IS NULL OR own_rank >= 1", name=op.f("ck_provincial_contest_own_rank")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_provincial_contest_dates")),
        sa.CheckConstraint("teams IS NULL OR teams >= 1", name=op.f("ck_provincial_contest_teams")),
        sa.ForeignKeyConstraint(
            ["carrier_id"], ["contest.id"], name=op.f("fk_provincial_contest_carrier_id")
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["provincial_contest.id"],
            name=op.f("fk_provincial_contest_previous_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_contest")),
        sa.UniqueConstraint("carrier_id", name=op.f("uq_provincial_contest_carrier_id")),
        sa.UniqueConstraint("code", name=op.f("uq_provincial_contest_code")),
    )
    with op.batch_alter_table("provincial_contest", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_contest_entry_until"), ["entry_until"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_provincial_contest_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_provincial_contest_year"), ["year"], unique=False)

    op.create_table(
        "provincial_camp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("leader", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_provincial_camp_dates")),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["provincial_contest.id"], name=op.f("fk_provincial_camp_contest_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_camp")),
    )
    with op.batch_alter_table("provincial_camp", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_camp_contest_id"), ["contest_id"], unique=False
        )

    op.create_table(
        "provincial_delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("hotel", sa.String(length=160), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=True),
        sa.Column("returns_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["provincial_contest.id"],
            name=op.f("fk_provincial_delegation_contest_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_delegation")),
        sa.UniqueConstraint("contest_id", name=op.f("uq_provincial_delegation_contest_id")),
    )
    op.create_table(
        "provincial_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "single",
                "pair",
                "triple",
                name="format",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "division",
            sa.Enum(
                "staff",
                "teacher",
                "student",
                name="division",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("is_demonstration", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("field_size", sa.Integer(), nullable=True),
        sa.Column("teams", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("quota >= 0", name=op.f("ck_provincial_event_quota")),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["provincial_contest.id"], name=op.f("fk_provincial_event_contest_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_event")),
        sa.UniqueConstraint("contest_id", "code", name=op.f("uq_provincial_event_contest_id_code")),
    )
    op.create_table(
        "provincial_standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("delegation", sa.String(length=80), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("gold", sa.Integer(), nullable=False),
        sa.Column("silver", sa.Integer(), nullable=False),
        sa.Column("bronze", sa.Integer(), nullable=False),
        sa.Column("medallion", sa.Integer(), nullable=False),
        sa.Column("given_rank", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["provincial_contest.id"],
            name=op.f("fk_provincial_standing_contest_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_standing")),
        sa.UniqueConstraint(
            "contest_id", "delegation", name=op.f("uq_provincial_standing_contest_id_delegation")
        ),
    )
    op.create_table(
        "provincial_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "history",
                "results",
                "entries",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
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
        sa.Column("provincial_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("delegation", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("problem_count", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_provincial_import_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_provincial_import_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["provincial_id"],
            ["provincial_contest.id"],
            name=op.f("fk_provincial_import_provincial_id"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_provincial_import_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_import")),
    )
    with op.batch_alter_table("provincial_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_import_contest_id"), ["contest_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_provincial_import_provincial_id"), ["provincial_id"], unique=False
        )

    op.create_table(
        "provincial_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
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
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> uploaded_by_id",
            name=op.f("ck_provincial_layout_second_person"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_provincial_layout_size")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_provincial_layout_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["provincial_contest.id"], name=op.f("fk_provincial_layout_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_provincial_layout_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_layout")),
        sa.UniqueConstraint(
            "contest_id", "number", name=op.f("uq_provincial_layout_contest_id_number")
        ),
        sa.UniqueConstraint("file_key", name=op.f("uq_provincial_layout_file_key")),
    )
    with op.batch_alter_table("provincial_layout", schema=None) as batch_op:
        batch_op.create_index(
            "uq_provincial_layout_approved",
            ["contest_id"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "provincial_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("selecting_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=10), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.CheckConstraint("top >= 1", name=op.f("ck_provincial_link_top")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["provincial_event.id"], name=op.f("fk_provincial_link_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["selecting_id"], ["event.id"], name=op.f("fk_provincial_link_selecting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_link")),
        sa.UniqueConstraint(
            "event_id",
            "selecting_id",
            "division",
            name=op.f("uq_provincial_link_event_id_selecting_id_division"),
        ),
    )
    with op.batch_alter_table("provincial_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_link_selecting_id"), ["selecting_id"], unique=False
        )

    op.create_table(
        "provincial_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "leader",
                "deputy",
                "coach",
                "doctor",
                "driver",
                "staff",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delegation_id"],
            ["provincial_delegation.id"],
            name=op.f("fk_provincial_member_delegation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_provincial_member_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_member")),
    )
    with op.batch_alter_table("provincial_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_member_delegation_id"), ["delegation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_provincial_member_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "uq_provincial_member_leader",
            ["delegation_id"],
            unique=True,
            sqlite_where=sa.text("role = 'leader'"),
            postgresql_where=sa.text("role = 'leader'"),
        )

    op.create_table(
        "provincial_naming",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_provincial_naming_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_provincial_naming_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["provincial_event.id"], name=op.f("fk_provincial_naming_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_provincial_naming_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_naming")),
        sa.UniqueConstraint(
            "event_id", "number", name=op.f("uq_provincial_naming_event_id_number")
        ),
    )
    with op.batch_alter_table("provincial_naming", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provincial_naming_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_provincial_naming_open",
            ["event_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "provincial_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delegation_id"],
            ["provincial_delegation.id"],
            name=op.f("fk_provincial_paper_delegation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_paper")),
    )
    with op.batch_alter_table("provincial_paper", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_paper_delegation_id"), ["delegation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_provincial_paper_expires_on"), ["expires_on"], unique=False
        )

    op.create_table(
        "provincial_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delegation_id"],
            ["provincial_delegation.id"],
            name=op.f("fk_provincial_task_delegation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["account.id"], name=op.f("fk_provincial_task_done_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_task")),
    )
    with op.batch_alter_table("provincial_task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_task_delegation_id"), ["delegation_id"], unique=False
        )

    op.create_table(
        "provincial_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camp_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("full", sa.BigInteger(), nullable=False),
        sa.CheckConstraint('"full" > 0', name=op.f("ck_provincial_test_full")),
        sa.ForeignKeyConstraint(
            ["camp_id"], ["provincial_camp.id"], name=op.f("fk_provincial_test_camp_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["provincial_event.id"], name=op.f("fk_provincial_test_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_test")),
    )
    with op.batch_alter_table("provincial_test", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provincial_test_camp_id"), ["camp_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_provincial_test_event_id"), ["event_id"], unique=False)

    op.create_table(
        "provincial_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "first", "change", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("word_key", sa.String(length=64), nullable=False),
        sa.Column("word_sha256", sa.String(length=64), nullable=False),
        sa.Column("table_key", sa.String(length=64), nullable=False),
        sa.Column("table_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(kind = 'first') = (number = 1)", name=op.f("ck_provincial_form_number")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["provincial_contest.id"], name=op.f("fk_provincial_form_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["layout_id"], ["provincial_layout.id"], name=op.f("fk_provincial_form_layout_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["account.id"], name=op.f("fk_provincial_form_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_form")),
        sa.UniqueConstraint(
            "contest_id", "number", name=op.f("uq_provincial_form_contest_id_number")
        ),
        sa.UniqueConstraint("table_key", name=op.f("uq_provincial_form_table_key")),
        sa.UniqueConstraint("word_key", name=op.f("uq_provincial_form_word_key")),
    )
    op.create_table(
        "provincial_intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("delegation", sa.String(length=80), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_provincial_intake_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_provincial_intake_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["provincial_import.id"], name=op.f("fk_provincial_intake_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_intake")),
        sa.UniqueConstraint(
            "contest_id", "reference", name=op.f("uq_provincial_intake_contest_id_reference")
        ),
        sa.UniqueConstraint("entry_id", name=op.f("uq_provincial_intake_entry_id")),
    )
    with op.batch_alter_table("provincial_intake", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_intake_import_id"), ["import_id"], unique=False
        )

    op.create_table(
        "provincial_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "selected",
                "in_training",
                "named",
                "reserve",
                "released",
                "entered",
                "competed",
                "absent",
                "replaced",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "staff",
                "teacher",
                "student",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("of_company", sa.Boolean(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "selection",
                "by_hand",
                "history",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("source_entry_id", sa.Integer(), nullable=True),
        sa.Column("source_rank", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("entry_number", sa.String(length=40), nullable=False),
        sa.Column("in_competition", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "source <> 'by_hand' OR reason <> ''", name=op.f("ck_provincial_slot_reason")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_provincial_slot_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_provincial_slot_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["provincial_event.id"], name=op.f("fk_provincial_slot_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["provincial_slot.id"], name=op.f("fk_provincial_slot_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_entry_id"], ["entry.id"], name=op.f("fk_provincial_slot_source_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_slot")),
        sa.UniqueConstraint("reference", name=op.f("uq_provincial_slot_reference")),
    )
    with op.batch_alter_table("provincial_slot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_slot_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            "ix_provincial_slot_event_id_state", ["event_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_provincial_slot_source_entry_id"), ["source_entry_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_provincial_slot_state"), ["state"], unique=False)

    op.create_table(
        "provincial_vehicle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delegation_id", sa.Integer(), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=160), nullable=False),
        sa.CheckConstraint("seats >= 1", name=op.f("ck_provincial_vehicle_seats")),
        sa.ForeignKeyConstraint(
            ["delegation_id"],
            ["provincial_delegation.id"],
            name=op.f("fk_provincial_vehicle_delegation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["provincial_member.id"], name=op.f("fk_provincial_vehicle_driver_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_vehicle")),
        sa.UniqueConstraint(
            "delegation_id", "plate", name=op.f("uq_provincial_vehicle_delegation_id_plate")
        ),
    )
    op.create_table(
        "provincial_coach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_provincial_coach_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["provincial_slot.id"], name=op.f("fk_provincial_coach_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_coach")),
        sa.UniqueConstraint(
            "slot_id", "person_id", name=op.f("uq_provincial_coach_slot_id_person_id")
        ),
    )
    with op.batch_alter_table("provincial_coach", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_coach_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "provincial_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "call",
                "paper",
                "change",
                "result",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_provincial_file_size")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_provincial_file_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["provincial_contest.id"], name=op.f("fk_provincial_file_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["provincial_slot.id"], name=op.f("fk_provincial_file_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_file")),
        sa.UniqueConstraint(
            "contest_id",
            "purpose",
            "sha256",
            name=op.f("uq_provincial_file_contest_id_purpose_sha256"),
        ),
        sa.UniqueConstraint("file_key", name=op.f("uq_provincial_file_file_key")),
    )
    with op.batch_alter_table("provincial_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provincial_file_slot_id"), ["slot_id"], unique=False)

    op.create_table(
        "provincial_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camp_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["camp_id"], ["provincial_camp.id"], name=op.f("fk_provincial_note_camp_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["provincial_slot.id"], name=op.f("fk_provincial_note_slot_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_provincial_note_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_note")),
    )
    with op.batch_alter_table("provincial_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provincial_note_camp_id"), ["camp_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_provincial_note_slot_id"), ["slot_id"], unique=False)

    op.create_table(
        "provincial_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column(
            "medal",
            sa.Enum(
                "gold",
                "silver",
                "bronze",
                "medallion",
                name="medal",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("prize", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "recorded",
                "confirmed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL)",
            name=op.f("ck_provincial_result_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id",
            name=op.f("ck_provincial_result_second_person"),
        ),
        sa.CheckConstraint("rank IS NULL OR rank >= 1", name=op.f("ck_provincial_result_rank")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_provincial_result_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["provincial_import.id"], name=op.f("fk_provincial_result_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_provincial_result_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["provincial_slot.id"], name=op.f("fk_provincial_result_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_result")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_provincial_result_slot_id")),
    )
    with op.batch_alter_table("provincial_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_result_import_id"), ["import_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_provincial_result_prize"), ["prize"], unique=False)

    op.create_table(
        "provincial_slot_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["provincial_event.id"], name=op.f("fk_provincial_slot_member_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_provincial_slot_member_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["provincial_slot.id"], name=op.f("fk_provincial_slot_member_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_slot_member")),
    )
    with op.batch_alter_table("provincial_slot_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_slot_member_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_provincial_slot_member_slot_id"), ["slot_id"], unique=False
        )
        batch_op.create_index(
            "uq_provincial_slot_member_active",
            ["event_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "provincial_test_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("test_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_provincial_test_mark_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["provincial_slot.id"], name=op.f("fk_provincial_test_mark_slot_id")
        ),
        sa.ForeignKeyConstraint(
            ["test_id"], ["provincial_test.id"], name=op.f("fk_provincial_test_mark_test_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_test_mark")),
        sa.UniqueConstraint(
            "test_id", "slot_id", name=op.f("uq_provincial_test_mark_test_id_slot_id")
        ),
    )
    with op.batch_alter_table("provincial_test_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_test_mark_slot_id"), ["slot_id"], unique=False
        )

    op.create_table(
        "provincial_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camp_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "presence",
            sa.Enum(
                "present",
                "late",
                "excused",
                "absent",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["camp_id"], ["provincial_camp.id"], name=op.f("fk_provincial_attendance_camp_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["provincial_slot_member.id"],
            name=op.f("fk_provincial_attendance_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_provincial_attendance_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_attendance")),
        sa.UniqueConstraint(
            "camp_id",
            "day",
            "member_id",
            name=op.f("uq_provincial_attendance_camp_id_day_member_id"),
        ),
    )
    with op.batch_alter_table("provincial_attendance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_attendance_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "provincial_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "replace",
                "withdraw",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("replacement_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("proof_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'replace') = (replacement_id IS NOT NULL)",
            name=op.f("ck_provincial_change_replacement"),
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["provincial_form.id"], name=op.f("fk_provincial_change_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_provincial_change_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proof_id"], ["provincial_file.id"], name=op.f("fk_provincial_change_proof_id")
        ),
        sa.ForeignKeyConstraint(
            ["replacement_id"],
            ["provincial_slot.id"],
            name=op.f("fk_provincial_change_replacement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["provincial_slot.id"], name=op.f("fk_provincial_change_slot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_change")),
    )
    with op.batch_alter_table("provincial_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provincial_change_form_id"), ["form_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_provincial_change_slot_id"), ["slot_id"], unique=False)

    op.create_table(
        "provincial_honour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("honour_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["honour_id"], ["honour.id"], name=op.f("fk_provincial_honour_honour_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_provincial_honour_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["provincial_result.id"], name=op.f("fk_provincial_honour_result_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provincial_honour")),
        sa.UniqueConstraint("honour_id", name=op.f("uq_provincial_honour_honour_id")),
        sa.UniqueConstraint(
            "result_id",
            "person_id",
            "title",
            name=op.f("uq_provincial_honour_result_id_person_id_title"),
        ),
    )
    with op.batch_alter_table("provincial_honour", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provincial_honour_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("provincial_honour", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_honour_person_id"))

    op.drop_table("provincial_honour")
    with op.batch_alter_table("provincial_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_change_slot_id"))
        batch_op.drop_index(batch_op.f("ix_provincial_change_form_id"))

    op.drop_table("provincial_change")
    with op.batch_alter_table("provincial_attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_attendance_member_id"))

    op.drop_table("provincial_attendance")
    with op.batch_alter_table("provincial_test_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_test_mark_slot_id"))

    op.drop_table("provincial_test_mark")
    with op.batch_alter_table("provincial_slot_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_provincial_slot_member_active",
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )
        batch_op.drop_index(batch_op.f("ix_provincial_slot_member_slot_id"))
        batch_op.drop_index(batch_op.f("ix_provincial_slot_member_person_id"))

    op.drop_table("provincial_slot_member")
    with op.batch_alter_table("provincial_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_result_prize"))
        batch_op.drop_index(batch_op.f("ix_provincial_result_import_id"))

    op.drop_table("provincial_result")
    with op.batch_alter_table("provincial_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_note_slot_id"))
        batch_op.drop_index(batch_op.f("ix_provincial_note_camp_id"))

    op.drop_table("provincial_note")
    with op.batch_alter_table("provincial_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_file_slot_id"))

    op.drop_table("provincial_file")
    with op.batch_alter_table("provincial_coach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_coach_person_id"))

    op.drop_table("provincial_coach")
    op.drop_table("provincial_vehicle")
    with op.batch_alter_table("provincial_slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_slot_state"))
        batch_op.drop_index(batch_op.f("ix_provincial_slot_source_entry_id"))
        batch_op.drop_index("ix_provincial_slot_event_id_state")
        batch_op.drop_index(batch_op.f("ix_provincial_slot_employer_id"))

    op.drop_table("provincial_slot")
    with op.batch_alter_table("provincial_intake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_intake_import_id"))

    op.drop_table("provincial_intake")
    op.drop_table("provincial_form")
    with op.batch_alter_table("provincial_test", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_test_event_id"))
        batch_op.drop_index(batch_op.f("ix_provincial_test_camp_id"))

    op.drop_table("provincial_test")
    with op.batch_alter_table("provincial_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_task_delegation_id"))

    op.drop_table("provincial_task")
    with op.batch_alter_table("provincial_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_paper_expires_on"))
        batch_op.drop_index(batch_op.f("ix_provincial_paper_delegation_id"))

    op.drop_table("provincial_paper")
    with op.batch_alter_table("provincial_naming", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_provincial_naming_open",
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
        batch_op.drop_index(batch_op.f("ix_provincial_naming_state"))

    op.drop_table("provincial_naming")
    with op.batch_alter_table("provincial_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_provincial_member_leader",
            sqlite_where=sa.text("role = 'leader'"),
            postgresql_where=sa.text("role = 'leader'"),
        )
        batch_op.drop_index(batch_op.f("ix_provincial_member_person_id"))
        batch_op.drop_index(batch_op.f("ix_provincial_member_delegation_id"))

    op.drop_table("provincial_member")
    with op.batch_alter_table("provincial_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_link_selecting_id"))

    op.drop_table("provincial_link")
    with op.batch_alter_table("provincial_layout", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_provincial_layout_approved",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.drop_table("provincial_layout")
    with op.batch_alter_table("provincial_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_import_provincial_id"))
        batch_op.drop_index(batch_op.f("ix_provincial_import_contest_id"))

    op.drop_table("provincial_import")
    op.drop_table("provincial_standing")
    op.drop_table("provincial_event")
    op.drop_table("provincial_delegation")
    with op.batch_alter_table("provincial_camp", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_camp_contest_id"))

    op.drop_table("provincial_camp")
    with op.batch_alter_table("provincial_contest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provincial_contest_year"))
        batch_op.drop_index(batch_op.f("ix_provincial_contest_state"))
        batch_op.drop_index(batch_op.f("ix_provincial_contest_entry_until"))

    op.drop_table("provincial_contest")
