"""Master workshops: register, applications, terms, grants, reports, grades, assessments."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "workshop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "county",
                "city",
                "province",
                "nation",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("recognised_by", sa.String(length=80), nullable=False),
        sa.Column(
            "naming",
            sa.Enum(
                "person",
                "company",
                name="naming",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "standing",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column(
            "host_kind",
            sa.Enum(
                "enterprise",
                "industry_body",
                "school",
                "training_base",
                name="host_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("cluster", sa.String(length=60), nullable=False),
        sa.Column("plaque_number", sa.String(length=40), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "closed_for",
            sa.Enum(
                "failed",
                "leader_gone",
                "wish",
                "false_data",
                name="closed_for",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("closed_reason", sa.String(length=400), nullable=False),
        sa.Column("preferred", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("taught_before", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("imported", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_workshop_closed")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR closed_on >= founded_on", name=op.f("ck_workshop_dates")
        ),
        sa.CheckConstraint("taught_before >= 0", name=op.f("ck_workshop_taught_before")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_workshop_employer_id")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_workshop_leader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
        sa.UniqueConstraint("plaque_number", name=op.f("uq_workshop_plaque_number")),
        sa.UniqueConstraint("title", name=op.f("uq_workshop_title")),
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_district"), ["district"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_leader_id"), ["leader_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_level"), ["level"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_occupation"), ["occupation"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_workshop_recognised_by"), ["recognised_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_workshop_state"), ["state"], unique=False)

    op.create_table(
        "workshop_bar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_workshop_bar_dates")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_workshop_bar_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["person.id"], name=op.f("fk_workshop_bar_leader_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_bar_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_bar")),
    )
    with op.batch_alter_table("workshop_bar", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_bar_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_workshop_bar_leader_id"), ["leader_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_workshop_bar_workshop_id"), ["workshop_id"], unique=False
        )

    op.create_table(
        "workshop_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "left",
                "retired",
                "died",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reported",
                "proposed",
                "settled",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "settled_by_id IS NULL OR settled_by_id <> proposed_by_id",
            name=op.f("ck_workshop_change_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["person.id"], name=op.f("fk_workshop_change_leader_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_workshop_change_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["account.id"], name=op.f("fk_workshop_change_reported_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_workshop_change_settled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["person.id"], name=op.f("fk_workshop_change_successor_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_change_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_change")),
    )
    with op.batch_alter_table("workshop_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_change_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_workshop_change_workshop_id"), ["workshop_id"], unique=False
        )
        batch_op.create_index(
            "uq_workshop_change_open",
            ["workshop_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('reported', 'proposed')"),
            postgresql_where=sa.text("state IN ('reported', 'proposed')"),
        )

    op.create_table(
        "workshop_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "previewed",
                "confirmed",
                "discarded",
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
            ["account_id"], ["account.id"], name=op.f("fk_workshop_import_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_import")),
    )
    op.create_table(
        "workshop_master",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "leader",
                "master",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_workshop_master_dates")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_workshop_master_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_master_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_master")),
    )
    with op.batch_alter_table("workshop_master", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_master_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_workshop_master_workshop_id"), ["workshop_id"], unique=False
        )
        batch_op.create_index(
            "uq_workshop_master_leader",
            ["workshop_id"],
            unique=True,
            sqlite_where=sa.text("to_on IS NULL AND role = 'leader'"),
            postgresql_where=sa.text("to_on IS NULL AND role = 'leader'"),
        )
        batch_op.create_index(
            "uq_workshop_master_present",
            ["workshop_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("to_on IS NULL"),
            postgresql_where=sa.text("to_on IS NULL"),
        )

    op.create_table(
        "workshop_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "discarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> written_by_id",
            name=op.f("ck_workshop_policy_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_workshop_policy_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_workshop_policy_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_policy")),
    )
    with op.batch_alter_table("workshop_policy", schema=None) as batch_op:
        batch_op.create_index(
            "uq_workshop_policy_starts_on",
            ["starts_on"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "workshop_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "founding",
                "step_up",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "county",
                "city",
                "province",
                "nation",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("recognised_by", sa.String(length=80), nullable=False),
        sa.Column(
            "naming",
            sa.Enum(
                "person",
                "company",
                name="naming",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column(
            "host_kind",
            sa.Enum(
                "enterprise",
                "industry_body",
                "school",
                "training_base",
                name="host_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("cluster", sa.String(length=60), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("room", sa.String(length=400), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("own_rules", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("local_renown", sa.String(length=400), nullable=False),
        sa.Column("masters", sa.JSON(), nullable=False),
        sa.Column("apprentices", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "checked",
                "site_checked",
                "decided",
                "refused",
                "notice",
                "founded",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("site_on", sa.Date(), nullable=True),
        sa.Column("site_people", sa.String(length=200), nullable=False),
        sa.Column("site_found", sa.JSON(), nullable=False),
        sa.Column("site_note", sa.Text(), nullable=False),
        sa.Column("site_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("notice_starts_on", sa.Date(), nullable=True),
        sa.Column("notice_ends_on", sa.Date(), nullable=True),
        sa.Column("notice_contact", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind = 'founding' OR workshop_id IS NOT NULL",
            name=op.f("ck_workshop_application_step_up"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> site_by_id",
            name=op.f("ck_workshop_application_second_person"),
        ),
        sa.CheckConstraint(
            "notice_ends_on IS NULL OR notice_ends_on >= notice_starts_on",
            name=op.f("ck_workshop_application_notice"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["account.id"], name=op.f("fk_workshop_application_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_workshop_application_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_workshop_application_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["person.id"], name=op.f("fk_workshop_application_leader_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["workshop_policy.id"], name=op.f("fk_workshop_application_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_by_id"], ["account.id"], name=op.f("fk_workshop_application_site_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_application_workshop_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_workshop_application_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_application")),
        sa.UniqueConstraint("number", name=op.f("uq_workshop_application_number")),
    )
    with op.batch_alter_table("workshop_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_application_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_workshop_application_leader_id"), ["leader_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_workshop_application_level"), ["level"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_workshop_application_notice_ends_on"), ["notice_ends_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_workshop_application_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_workshop_application_open",
            ["workshop_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('founded', 'refused', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('founded', 'refused', 'withdrawn')"),
        )

    op.create_table(
        "workshop_grade_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "county",
                "city",
                "province",
                "nation",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "proposed",
                "decided",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("experts", sa.String(length=400), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_workshop_grade_round_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_workshop_grade_round_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["workshop_policy.id"], name=op.f("fk_workshop_grade_round_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_workshop_grade_round_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_grade_round")),
        sa.UniqueConstraint("year", "level", name=op.f("uq_workshop_grade_round_year_level")),
    )
    op.create_table(
        "workshop_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "county",
                "city",
                "province",
                "nation",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "passed",
                "failed",
                "stepped_up",
                "cut_short",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_workshop_term_dates")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["workshop_policy.id"], name=op.f("fk_workshop_term_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_term_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_term")),
        sa.UniqueConstraint(
            "workshop_id", "number", name=op.f("uq_workshop_term_workshop_id_number")
        ),
    )
    with op.batch_alter_table("workshop_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_term_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_term_policy_id"), ["policy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_term_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_workshop_term_running",
            ["workshop_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "workshop_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filled",
                "returned",
                "confirmed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("experts", sa.String(length=400), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filled_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> filled_by_id",
            name=op.f("ck_workshop_assessment_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_workshop_assessment_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["filled_by_id"], ["account.id"], name=op.f("fk_workshop_assessment_filled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["workshop_term.id"], name=op.f("fk_workshop_assessment_term_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_assessment")),
        sa.UniqueConstraint("term_id", name=op.f("uq_workshop_assessment_term_id")),
    )
    op.create_table(
        "workshop_grade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "excellent",
                "passed",
                "failed",
                name="grade",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["workshop_grade_round.id"], name=op.f("fk_workshop_grade_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_grade_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_grade")),
        sa.UniqueConstraint(
            "round_id", "workshop_id", name=op.f("uq_workshop_grade_round_id_workshop_id")
        ),
    )
    with op.batch_alter_table("workshop_grade", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workshop_grade_workshop_id"), ["workshop_id"], unique=False
        )

    op.create_table(
        "workshop_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "founding",
                "step_up",
                "renewal",
                "excellent",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "ordered",
                "paid",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("basis", sa.String(length=400), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_workshop_grant_amount")),
        sa.ForeignKeyConstraint(
            ["term_id"], ["workshop_term.id"], name=op.f("fk_workshop_grant_term_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_grant")),
        sa.UniqueConstraint(
            "term_id", "kind", "year", name=op.f("uq_workshop_grant_term_id_kind_year")
        ),
    )
    with op.batch_alter_table("workshop_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_grant_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_grant_term_id"), ["term_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_grant_year"), ["year"], unique=False)

    op.create_table(
        "workshop_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "accepted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("apprentices", sa.Integer(), nullable=False),
        sa.Column("trained", sa.Integer(), nullable=False),
        sa.Column("highly_skilled", sa.Integer(), nullable=False),
        sa.Column("breakthroughs", sa.Integer(), nullable=False),
        sa.Column("patents", sa.Integer(), nullable=False),
        sa.Column("exchanges", sa.Integer(), nullable=False),
        sa.Column("activities", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("next_plan", sa.Text(), nullable=False),
        sa.Column(
            "own_grade",
            sa.Enum(
                "excellent",
                "passed",
                "failed",
                name="own_grade",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "apprentices >= 0 AND highly_skilled >= 0 AND trained >= 0 AND patents >= 0"
            " AND exchanges >= 0 AND breakthroughs >= 0",
            name=op.f("ck_workshop_report_counts"),
        ),
        sa.CheckConstraint(
            "highly_skilled <= trained", name=op.f("ck_workshop_report_highly_skilled")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["account.id"], name=op.f("fk_workshop_report_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_workshop_report_submitted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["workshop_term.id"], name=op.f("fk_workshop_report_term_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_report_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_report")),
        sa.UniqueConstraint(
            "workshop_id", "year", name=op.f("uq_workshop_report_workshop_id_year")
        ),
    )
    with op.batch_alter_table("workshop_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_report_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_report_term_id"), ["term_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workshop_report_year"), ["year"], unique=False)

    op.create_table(
        "workshop_spending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "training",
                "research",
                "exchange",
                "equipment",
                "other",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_workshop_spending_amount")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["workshop_report.id"], name=op.f("fk_workshop_spending_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_spending")),
        sa.UniqueConstraint(
            "report_id", "category", name=op.f("uq_workshop_spending_report_id_category")
        ),
    )


def downgrade() -> None:

    op.drop_table("workshop_spending")
    with op.batch_alter_table("workshop_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_report_year"))
        batch_op.drop_index(batch_op.f("ix_workshop_report_term_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_report_state"))

    op.drop_table("workshop_report")
    with op.batch_alter_table("workshop_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_grant_year"))
        batch_op.drop_index(batch_op.f("ix_workshop_grant_term_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_grant_state"))

    op.drop_table("workshop_grant")
    with op.batch_alter_table("workshop_grade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_grade_workshop_id"))

    op.drop_table("workshop_grade")
    op.drop_table("workshop_assessment")
    with op.batch_alter_table("workshop_term", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_workshop_term_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_workshop_term_state"))
        batch_op.drop_index(batch_op.f("ix_workshop_term_policy_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_term_ends_on"))

    op.drop_table("workshop_term")
    op.drop_table("workshop_grade_round")
    with op.batch_alter_table("workshop_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_workshop_application_open",
            sqlite_where=sa.text("state NOT IN ('founded', 'refused', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('founded', 'refused', 'withdrawn')"),
        )
        batch_op.drop_index(batch_op.f("ix_workshop_application_state"))
        batch_op.drop_index(batch_op.f("ix_workshop_application_notice_ends_on"))
        batch_op.drop_index(batch_op.f("ix_workshop_application_level"))
        batch_op.drop_index(batch_op.f("ix_workshop_application_leader_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_application_employer_id"))

    op.drop_table("workshop_application")
    with op.batch_alter_table("workshop_policy", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_workshop_policy_starts_on",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.drop_table("workshop_policy")
    with op.batch_alter_table("workshop_master", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_workshop_master_present",
            sqlite_where=sa.text("to_on IS NULL"),
            postgresql_where=sa.text("to_on IS NULL"),
        )
        batch_op.drop_index(
            "uq_workshop_master_leader",
            sqlite_where=sa.text("to_on IS NULL AND role = 'leader'"),
            postgresql_where=sa.text("to_on IS NULL AND role = 'leader'"),
        )
        batch_op.drop_index(batch_op.f("ix_workshop_master_workshop_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_master_person_id"))

    op.drop_table("workshop_master")
    op.drop_table("workshop_import")
    with op.batch_alter_table("workshop_change", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_workshop_change_open",
            sqlite_where=sa.text("state IN ('reported', 'proposed')"),
            postgresql_where=sa.text("state IN ('reported', 'proposed')"),
        )
        batch_op.drop_index(batch_op.f("ix_workshop_change_workshop_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_change_state"))

    op.drop_table("workshop_change")
    with op.batch_alter_table("workshop_bar", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_bar_workshop_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_bar_leader_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_bar_employer_id"))

    op.drop_table("workshop_bar")
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_state"))
        batch_op.drop_index(batch_op.f("ix_workshop_recognised_by"))
        batch_op.drop_index(batch_op.f("ix_workshop_occupation"))
        batch_op.drop_index(batch_op.f("ix_workshop_level"))
        batch_op.drop_index(batch_op.f("ix_workshop_leader_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_employer_id"))
        batch_op.drop_index(batch_op.f("ix_workshop_district"))

    op.drop_table("workshop")
