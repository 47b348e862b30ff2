"""Mentorships: agreements, signatures, months, milestones, acceptance, and their limits."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mentorship_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
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
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_mentorship_class_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_class")),
        sa.UniqueConstraint(
            "employer_id", "title", name=op.f("uq_mentorship_class_employer_id_title")
        ),
    )
    op.create_table(
        "class_mentor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["mentorship_class.id"], name=op.f("fk_class_mentor_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_class_mentor_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_mentor")),
        sa.UniqueConstraint(
            "class_id", "person_id", name=op.f("uq_class_mentor_class_id_person_id")
        ),
    )
    with op.batch_alter_table("class_mentor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_mentor_person_id"), ["person_id"], unique=False)

    op.create_table(
        "mentorship_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
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
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mentorship_import_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_import")),
    )
    op.create_table(
        "mentorship_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=400), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_mentorship_rules_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_mentorship_rules_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_mentorship_rules_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_rules")),
    )
    with op.batch_alter_table("mentorship_rules", schema=None) as batch_op:
        batch_op.create_index(
            "uq_mentorship_rules_from_on",
            ["from_on"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "mentorship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("apprentice_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("skill", sa.String(length=200), nullable=False),
        sa.Column("target", sa.String(length=400), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("assessment", sa.String(length=400), nullable=False),
        sa.Column("safeguards", sa.String(length=400), nullable=False),
        sa.Column("mentor_level", sa.Integer(), nullable=True),
        sa.Column("mentor_title", sa.String(length=60), nullable=False),
        sa.Column("apprentice_level", sa.Integer(), nullable=True),
        sa.Column("new_kind", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("objection_until", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "signing",
                "running",
                "paused",
                "accepted",
                "failed",
                "broken_off",
                "transferred",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "ended_by",
            sa.Enum(
                "mentor",
                "apprentice",
                "employer",
                name="ended_by",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("imported", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "apprentice_level IS NULL OR apprentice_level BETWEEN 1 AND 5",
            name=op.f("ck_mentorship_apprentice"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_mentorship_term")),
        sa.CheckConstraint("mentor_id <> apprentice_id", name=op.f("ck_mentorship_two_people")),
        sa.CheckConstraint(
            "mentor_level IS NULL OR mentor_level BETWEEN 1 AND 5",
            name=op.f("ck_mentorship_mentor"),
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_id"], ["person.id"], name=op.f("fk_mentorship_apprentice_id")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["mentorship_class.id"], name=op.f("fk_mentorship_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_mentorship_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_mentorship_employer_id")
        ),
        sa.ForeignKeyConstraint(["mentor_id"], ["person.id"], name=op.f("fk_mentorship_mentor_id")),
        sa.ForeignKeyConstraint(
            ["rules_id"], ["mentorship_rules.id"], name=op.f("fk_mentorship_rules_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["mentorship.id"], name=op.f("fk_mentorship_successor_id")
        ),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_mentorship_workshop_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
        sa.UniqueConstraint("number", name=op.f("uq_mentorship_number")),
        sa.UniqueConstraint("successor_id", name=op.f("uq_mentorship_successor_id")),
    )
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentorship_apprentice_id"), ["apprentice_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mentorship_class_id"), ["class_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mentorship_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mentorship_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mentorship_occupation"), ["occupation"], unique=False)
        batch_op.create_index("ix_mentorship_state_starts_on", ["state", "starts_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mentorship_workshop_id"), ["workshop_id"], unique=False
        )

    op.create_table(
        "mentorship_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "in_force",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_amendment_mentorship_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_mentorship_amendment_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_amendment")),
        sa.UniqueConstraint(
            "mentorship_id", "number", name=op.f("uq_mentorship_amendment_mentorship_id_number")
        ),
    )
    op.create_table(
        "mentorship_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("mentor_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentor_account_id", sa.Integer(), nullable=True),
        sa.Column("apprentice_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("apprentice_account_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["apprentice_account_id"],
            ["account.id"],
            name=op.f("fk_mentorship_month_apprentice_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mentor_account_id"],
            ["account.id"],
            name=op.f("fk_mentorship_month_mentor_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_month_mentorship_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_month")),
        sa.UniqueConstraint(
            "mentorship_id", "month", name=op.f("uq_mentorship_month_mentorship_id_month")
        ),
    )
    with op.batch_alter_table("mentorship_month", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mentorship_month_month"), ["month"], unique=False)

    op.create_table(
        "mentorship_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_mentorship_pause_days")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_pause_mentorship_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_pause")),
    )
    with op.batch_alter_table("mentorship_pause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentorship_pause_mentorship_id"), ["mentorship_id"], unique=False
        )

    op.create_table(
        "mentorship_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("amendment", sa.Integer(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "mentor",
                "apprentice",
                "employer",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mentorship_signature_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_mentorship_signature_mentorship_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship_signature")),
    )
    with op.batch_alter_table("mentorship_signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentorship_signature_mentorship_id"), ["mentorship_id"], unique=False
        )
        batch_op.create_index(
            "uq_mentorship_signature_stands",
            ["mentorship_id", "amendment", "party"],
            unique=True,
            sqlite_where=sa.text("dropped_at IS NULL"),
            postgresql_where=sa.text("dropped_at IS NULL"),
        )

    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("degree", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("mentor_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentor_account_id", sa.Integer(), nullable=True),
        sa.Column("apprentice_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("apprentice_account_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["apprentice_account_id"],
            ["account.id"],
            name=op.f("fk_milestone_apprentice_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mentor_account_id"], ["account.id"], name=op.f("fk_milestone_mentor_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_milestone_mentorship_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint(
            "mentorship_id", "position", name=op.f("uq_milestone_mentorship_id_position")
        ),
    )
    op.create_table(
        "milestone_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_milestone_file_size")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_milestone_file_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_milestone_file_milestone_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_file")),
        sa.UniqueConstraint("file_key", name=op.f("uq_milestone_file_file_key")),
        sa.UniqueConstraint(
            "milestone_id", "sha256", name=op.f("uq_milestone_file_milestone_id_sha256")
        ),
    )
    with op.batch_alter_table("milestone_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_milestone_file_milestone_id"), ["milestone_id"], unique=False
        )

    op.create_table(
        "acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("test_mark", sa.BigInteger(), nullable=True),
        sa.Column("level_gained", sa.Integer(), nullable=True),
        sa.Column("contest_rank", sa.String(length=200), nullable=False),
        sa.Column("person_level_id", sa.Integer(), nullable=True),
        sa.Column("honour_id", sa.Integer(), nullable=True),
        sa.Column(
            "proposed",
            sa.Enum(
                "passed",
                "failed",
                name="proposed",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("mentor_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mentor_account_id", sa.Integer(), nullable=True),
        sa.Column("apprentice_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("apprentice_account_id", sa.Integer(), nullable=True),
        sa.Column("employer_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("employer_account_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "passed",
                "failed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "level_gained IS NULL OR level_gained BETWEEN 1 AND 5", name=op.f("ck_acceptance_level")
        ),
        sa.ForeignKeyConstraint(
            ["apprentice_account_id"],
            ["account.id"],
            name=op.f("fk_acceptance_apprentice_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_account_id"], ["account.id"], name=op.f("fk_acceptance_employer_account_id")
        ),
        sa.ForeignKeyConstraint(["honour_id"], ["honour.id"], name=op.f("fk_acceptance_honour_id")),
        sa.ForeignKeyConstraint(
            ["mentor_account_id"], ["account.id"], name=op.f("fk_acceptance_mentor_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_acceptance_mentorship_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_level_id"], ["person_level.id"], name=op.f("fk_acceptance_person_level_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_acceptance_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
        sa.UniqueConstraint("mentorship_id", name=op.f("uq_acceptance_mentorship_id")),
    )


def downgrade() -> None:
    op.drop_table("acceptance")
    with op.batch_alter_table("milestone_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_file_milestone_id"))

    op.drop_table("milestone_file")
    op.drop_table("milestone")
    with op.batch_alter_table("mentorship_signature", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mentorship_signature_stands",
            sqlite_where=sa.text("dropped_at IS NULL"),
            postgresql_where=sa.text("dropped_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_mentorship_signature_mentorship_id"))

    op.drop_table("mentorship_signature")
    with op.batch_alter_table("mentorship_pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentorship_pause_mentorship_id"))

    op.drop_table("mentorship_pause")
    with op.batch_alter_table("mentorship_month", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentorship_month_month"))

    op.drop_table("mentorship_month")
    op.drop_table("mentorship_amendment")
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentorship_workshop_id"))
        batch_op.drop_index("ix_mentorship_state_starts_on")
        batch_op.drop_index(batch_op.f("ix_mentorship_occupation"))
        batch_op.drop_index(batch_op.f("ix_mentorship_mentor_id"))
        batch_op.drop_index(batch_op.f("ix_mentorship_employer_id"))
        batch_op.drop_index(batch_op.f("ix_mentorship_class_id"))
        batch_op.drop_index(batch_op.f("ix_mentorship_apprentice_id"))

    op.drop_table("mentorship")
    with op.batch_alter_table("mentorship_rules", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mentorship_rules_from_on",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.drop_table("mentorship_rules")
    op.drop_table("mentorship_import")
    with op.batch_alter_table("class_mentor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_mentor_person_id"))

    op.drop_table("class_mentor")
    op.drop_table("mentorship_class")
