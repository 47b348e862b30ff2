"""Craftsman selections: programmes, rounds, applications, reviews, proposals, holders."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "selection_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column(
            "verb",
            sa.Enum(
                "select",
                "choose",
                "recognise",
                "evaluate",
                "commend",
                "appoint",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "national",
                "province",
                "city",
                "county",
                "employer",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("cycle_years", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("most_people", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cycle_years >= 1", name=op.f("ck_selection_programme_cycle_years")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_selection_programme_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_selection_programme_code")),
        sa.UniqueConstraint("title", name=op.f("uq_selection_programme_title")),
    )
    op.create_table(
        "selection_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "review",
                "proposed",
                "decided",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_document", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') = (published_at IS NULL)", name=op.f("ck_selection_round_published")
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_selection_round_dates")),
        sa.CheckConstraint(
            "published_by_id IS NULL OR published_by_id <> written_by_id",
            name=op.f("ck_selection_round_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_selection_round_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"],
            ["selection_round.id"],
            name=op.f("fk_selection_round_copied_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["selection_programme.id"],
            name=op.f("fk_selection_round_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["account.id"], name=op.f("fk_selection_round_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_selection_round_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_round")),
        sa.UniqueConstraint("code", name=op.f("uq_selection_round_code")),
        sa.UniqueConstraint("contest_id", name=op.f("uq_selection_round_contest_id")),
        sa.UniqueConstraint(
            "programme_id", "year", "title", name=op.f("uq_selection_round_programme_id_year_title")
        ),
    )
    with op.batch_alter_table("selection_round", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_round_closes_at"), ["closes_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_selection_round_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_selection_round_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_selection_round_year"), ["year"], unique=False)

    op.create_table(
        "selection_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_selection_amendment_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_amendment_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_amendment")),
        sa.UniqueConstraint(
            "round_id", "number", name=op.f("uq_selection_amendment_round_id_number")
        ),
    )
    op.create_table(
        "selection_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "person",
                "employer",
                "association",
                "expert",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("nominators", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column(
            "post",
            sa.Enum(
                "front_line",
                "technician",
                "manager",
                "unit_head",
                "official",
                "teacher",
                "student",
                "retired",
                "freelance",
                name="post",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "unit_kind",
            sa.Enum(
                "company",
                "institution",
                "government",
                "school",
                "association",
                "self_employed",
                name="unit_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("trade_since", sa.Date(), nullable=True),
        sa.Column("local_since", sa.Date(), nullable=True),
        sa.Column("retires_on", sa.Date(), nullable=True),
        sa.Column("support_percent", sa.BigInteger(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "checking",
                "returned",
                "qualified",
                "refused",
                "withdrawn",
                "merged",
                "chosen",
                "not_chosen",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("double", sa.Boolean(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("rank_in_body", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("complete_until", sa.Date(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submit_begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("qualified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)",
            name=op.f("ck_selection_application_merged"),
        ),
        sa.CheckConstraint(
            "rank_in_body IS NULL OR rank_in_body >= 1",
            name=op.f("ck_selection_application_rank_in_body"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_selection_application_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_selection_application_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_application_merged_into_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_selection_application_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_application_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_application")),
        sa.UniqueConstraint(
            "round_id", "number", name=op.f("uq_selection_application_round_id_number")
        ),
    )
    with op.batch_alter_table("selection_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_application_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_selection_application_district"), ["district"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_selection_application_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_selection_application_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "ix_selection_application_round_id_state", ["round_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_selection_application_living",
            ["round_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('withdrawn', 'merged', 'refused') AND NOT double"),
            postgresql_where=sa.text(
                "state NOT IN ('withdrawn', 'merged', 'refused') AND NOT double"
            ),
        )

    op.create_table(
        "selection_ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "counted",
                "void",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("places >= 1", name=op.f("ck_selection_ballot_places")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["selection_ballot.id"], name=op.f("fk_selection_ballot_follows_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_selection_ballot_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_ballot_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_ballot")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_selection_ballot_round_id_number")),
    )
    op.create_table(
        "selection_clerk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_selection_clerk_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_clerk_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_clerk")),
        sa.UniqueConstraint(
            "round_id",
            "account_id",
            "step",
            "district",
            name=op.f("uq_selection_clerk_round_id_account_id_step_district"),
        ),
    )
    with op.batch_alter_table("selection_clerk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_clerk_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "selection_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("protocol", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["account.id"], name=op.f("fk_selection_draw_drawn_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_draw_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_draw")),
    )
    with op.batch_alter_table("selection_draw", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_draw_round_id"), ["round_id"], unique=False)

    op.create_table(
        "selection_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=20), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_selection_file_size")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_selection_file_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_file_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_file")),
        sa.UniqueConstraint("file_key", name=op.f("uq_selection_file_file_key")),
        sa.UniqueConstraint(
            "round_id",
            "holder",
            "holder_id",
            "sha256",
            name=op.f("uq_selection_file_round_id_holder_holder_id_sha256"),
        ),
    )
    op.create_table(
        "selection_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("made", sa.JSON(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("problem_count", sa.Integer(), nullable=False),
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
            ["account_id"], ["account.id"], name=op.f("fk_selection_import_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["selection_programme.id"],
            name=op.f("fk_selection_import_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_import_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_import")),
    )
    op.create_table(
        "selection_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("chair", sa.String(length=60), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("people", sa.String(length=1000), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id",
            name=op.f("ck_selection_meeting_second_person"),
        ),
        sa.CheckConstraint(
            "present >= 0 AND present <= members", name=op.f("ck_selection_meeting_present")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_selection_meeting_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_selection_meeting_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_meeting_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_meeting")),
        sa.UniqueConstraint(
            "round_id", "number", name=op.f("uq_selection_meeting_round_id_number")
        ),
    )
    op.create_table(
        "selection_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "person",
                "employer",
                "association",
                "expert",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("association", sa.String(length=120), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(employer_id IS NOT NULL) <> (association <> '' OR district <> '')",
            name=op.f("ck_selection_quota_body"),
        ),
        sa.CheckConstraint("places >= 0", name=op.f("ck_selection_quota_places")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_selection_quota_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_quota_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_quota")),
        sa.UniqueConstraint(
            "round_id", "employer_id", name=op.f("uq_selection_quota_round_id_employer_id")
        ),
    )
    with op.batch_alter_table("selection_quota", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_quota_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            "uq_selection_quota_association",
            ["round_id", "association", "district"],
            unique=True,
            sqlite_where=sa.text("employer_id IS NULL"),
            postgresql_where=sa.text("employer_id IS NULL"),
        )

    op.create_table(
        "selection_reviewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "seated",
                "declined",
                "replaced",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_selection_reviewer_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_reviewer_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_reviewer")),
    )
    with op.batch_alter_table("selection_reviewer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_reviewer_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            "uq_selection_reviewer_account",
            ["round_id", "account_id"],
            unique=True,
            sqlite_where=sa.text("state = 'seated'"),
            postgresql_where=sa.text("state = 'seated'"),
        )
        batch_op.create_index(
            "uq_selection_reviewer_number",
            ["round_id", "number"],
            unique=True,
            sqlite_where=sa.text("state = 'seated'"),
            postgresql_where=sa.text("state = 'seated'"),
        )

    op.create_table(
        "selection_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "none",
                "no_objection",
                "objection",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "dealing",
            sa.Enum(
                "go_on",
                "stop",
                name="dealing",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("dealing_reason", sa.Text(), nullable=True),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dealt_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "agreed_by_id IS NULL OR agreed_by_id <> dealt_by_id",
            name=op.f("ck_selection_opinion_second_person"),
        ),
        sa.CheckConstraint(
            "(dealing IS NULL) = (dealt_by_id IS NULL)", name=op.f("ck_selection_opinion_dealt")
        ),
        sa.CheckConstraint(
            "agreed_by_id IS NULL OR dealt_by_id IS NOT NULL",
            name=op.f("ck_selection_opinion_agreed"),
        ),
        sa.CheckConstraint(
            "dealing IS NULL OR answer = 'objection'", name=op.f("ck_selection_opinion_dealing_of")
        ),
        sa.CheckConstraint(
            "(answer = 'none') = (answered_on IS NULL)", name=op.f("ck_selection_opinion_answered")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["account.id"], name=op.f("fk_selection_opinion_agreed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_opinion_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["dealt_by_id"], ["account.id"], name=op.f("fk_selection_opinion_dealt_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_selection_opinion_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_selection_opinion_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_opinion")),
        sa.UniqueConstraint(
            "application_id", "body", name=op.f("uq_selection_opinion_application_id_body")
        ),
    )
    with op.batch_alter_table("selection_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_opinion_due_on"), ["due_on"], unique=False)

    op.create_table(
        "selection_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("clause", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=400), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_selection_override_second_person"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by_id IS NULL)",
            name=op.f("ck_selection_override_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_override_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_selection_override_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_selection_override_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_override")),
        sa.UniqueConstraint(
            "application_id", "clause", name=op.f("uq_selection_override_application_id_clause")
        ),
    )
    op.create_table(
        "selection_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("better", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("better IN (-1, 0, 1)", name=op.f("ck_selection_pair_better")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_selection_pair_in_order")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["selection_application.id"], name=op.f("fk_selection_pair_first_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["selection_reviewer.id"], name=op.f("fk_selection_pair_reviewer_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["selection_application.id"], name=op.f("fk_selection_pair_second_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_pair")),
        sa.UniqueConstraint(
            "reviewer_id",
            "first_id",
            "second_id",
            name=op.f("uq_selection_pair_reviewer_id_first_id_second_id"),
        ),
    )
    with op.batch_alter_table("selection_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_pair_first_id"), ["first_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_selection_pair_second_id"), ["second_id"], unique=False
        )

    op.create_table(
        "selection_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("quotas", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> made_by_id",
            name=op.f("ck_selection_proposal_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_selection_proposal_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_selection_proposal_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["selection_meeting.id"], name=op.f("fk_selection_proposal_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_selection_proposal_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_proposal_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_proposal")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_selection_proposal_revision_id")),
        sa.UniqueConstraint(
            "round_id", "number", name=op.f("uq_selection_proposal_round_id_number")
        ),
    )
    op.create_table(
        "selection_recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_recusal_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["selection_reviewer.id"],
            name=op.f("fk_selection_recusal_reviewer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_recusal")),
        sa.UniqueConstraint(
            "reviewer_id",
            "application_id",
            name=op.f("uq_selection_recusal_reviewer_id_application_id"),
        ),
    )
    with op.batch_alter_table("selection_recusal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_recusal_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "selection_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reopened_reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_sheet_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["selection_reviewer.id"], name=op.f("fk_selection_sheet_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_sheet")),
        sa.UniqueConstraint(
            "reviewer_id",
            "application_id",
            name=op.f("uq_selection_sheet_reviewer_id_application_id"),
        ),
    )
    with op.batch_alter_table("selection_sheet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_sheet_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_selection_sheet_signed_at"), ["signed_at"], unique=False
        )

    op.create_table(
        "selection_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "passed",
                "returned",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("checked", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("notice_starts_on", sa.Date(), nullable=True),
        sa.Column("notice_ends_on", sa.Date(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "notice_ends_on IS NULL OR notice_ends_on >= notice_starts_on",
            name=op.f("ck_selection_step_notice"),
        ),
        sa.CheckConstraint("rank IS NULL OR rank >= 1", name=op.f("ck_selection_step_rank")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_step_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["account.id"], name=op.f("fk_selection_step_done_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_step")),
        sa.UniqueConstraint(
            "application_id", "key", name=op.f("uq_selection_step_application_id_key")
        ),
    )
    with op.batch_alter_table("selection_step", schema=None) as batch_op:
        batch_op.create_index("ix_selection_step_state_due_on", ["state", "due_on"], unique=False)

    op.create_table(
        "selection_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.String(length=200), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_visit_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_selection_visit_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_visit")),
    )
    with op.batch_alter_table("selection_visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_visit_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "selection_vote",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["selection_ballot.id"], name=op.f("fk_selection_vote_ballot_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_selection_vote")),
    )
    with op.batch_alter_table("selection_vote", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_vote_ballot_id"), ["ballot_id"], unique=False
        )

    op.create_table(
        "selection_voter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["selection_ballot.id"], name=op.f("fk_selection_voter_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["selection_reviewer.id"], name=op.f("fk_selection_voter_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_voter")),
        sa.UniqueConstraint(
            "ballot_id", "reviewer_id", name=op.f("uq_selection_voter_ballot_id_reviewer_id")
        ),
    )
    with op.batch_alter_table("selection_voter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_voter_reviewer_id"), ["reviewer_id"], unique=False
        )

    op.create_table(
        "selection_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "level",
                "contest",
                "honour",
                "patent",
                "work",
                "innovation",
                "paper",
                "apprentice",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "register",
                "typed",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "national",
                "province",
                "city",
                "county",
                "employer",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("honour_id", sa.Integer(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("rank IS NULL OR rank >= 1", name=op.f("ck_selection_evidence_rank")),
        sa.CheckConstraint(
            "verified_by_id IS NULL OR verified_at IS NOT NULL",
            name=op.f("ck_selection_evidence_verified"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_evidence_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["honour_id"], ["honour.id"], name=op.f("fk_selection_evidence_honour_id")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["account.id"], name=op.f("fk_selection_evidence_verified_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_evidence")),
    )
    with op.batch_alter_table("selection_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_evidence_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "selection_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("honour_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "ended",
                "revoked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("barred_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'running') = (ended_on IS NULL)", name=op.f("ck_selection_holder_ended")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_selection_holder_dates")
        ),
        sa.ForeignKeyConstraint(
            ["honour_id"], ["honour.id"], name=op.f("fk_selection_holder_honour_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_selection_holder_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["selection_programme.id"],
            name=op.f("fk_selection_holder_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["selection_round.id"], name=op.f("fk_selection_holder_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_holder")),
        sa.UniqueConstraint("honour_id", name=op.f("uq_selection_holder_honour_id")),
    )
    with op.batch_alter_table("selection_holder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_holder_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_selection_holder_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_selection_holder_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_selection_holder_round_id"), ["round_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_selection_holder_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_selection_holder_year"), ["year"], unique=False)

    op.create_table(
        "selection_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["selection_application.id"],
            name=op.f("fk_selection_line_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["selection_proposal.id"], name=op.f("fk_selection_line_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_line")),
        sa.UniqueConstraint(
            "proposal_id",
            "application_id",
            name=op.f("uq_selection_line_proposal_id_application_id"),
        ),
    )
    with op.batch_alter_table("selection_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_selection_line_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "selection_benefit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "allowance",
                "rest_cure",
                "health_check",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "ordered",
                "given",
                "declined",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind = 'allowance' OR state <> 'ordered'", name=op.f("ck_selection_benefit_ordered")
        ),
        sa.CheckConstraint(
            "amount IS NULL OR amount > 0", name=op.f("ck_selection_benefit_amount")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["selection_holder.id"], name=op.f("fk_selection_benefit_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_selection_benefit_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_benefit")),
        sa.UniqueConstraint(
            "holder_id", "key", "year", name=op.f("uq_selection_benefit_holder_id_key_year")
        ),
    )
    with op.batch_alter_table("selection_benefit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_benefit_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_selection_benefit_state"), ["state"], unique=False)

    op.create_table(
        "selection_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
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
        sa.Column("projects", sa.Integer(), nullable=False),
        sa.Column("patents", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted_by_id IS NULL OR accepted_by_id <> submitted_by_id",
            name=op.f("ck_selection_report_second_person"),
        ),
        sa.CheckConstraint(
            "apprentices >= 0 AND projects >= 0 AND patents >= 0",
            name=op.f("ck_selection_report_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["account.id"], name=op.f("fk_selection_report_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["selection_holder.id"], name=op.f("fk_selection_report_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_selection_report_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_report")),
        sa.UniqueConstraint("holder_id", "year", name=op.f("uq_selection_report_holder_id_year")),
    )
    with op.batch_alter_table("selection_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_report_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_selection_report_year"), ["year"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("selection_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_report_year"))
        batch_op.drop_index(batch_op.f("ix_selection_report_state"))

    op.drop_table("selection_report")
    with op.batch_alter_table("selection_benefit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_benefit_state"))
        batch_op.drop_index(batch_op.f("ix_selection_benefit_due_on"))

    op.drop_table("selection_benefit")
    with op.batch_alter_table("selection_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_line_application_id"))

    op.drop_table("selection_line")
    with op.batch_alter_table("selection_holder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_holder_year"))
        batch_op.drop_index(batch_op.f("ix_selection_holder_state"))
        batch_op.drop_index(batch_op.f("ix_selection_holder_round_id"))
        batch_op.drop_index(batch_op.f("ix_selection_holder_programme_id"))
        batch_op.drop_index(batch_op.f("ix_selection_holder_person_id"))
        batch_op.drop_index(batch_op.f("ix_selection_holder_ends_on"))

    op.drop_table("selection_holder")
    with op.batch_alter_table("selection_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_evidence_application_id"))

    op.drop_table("selection_evidence")
    with op.batch_alter_table("selection_voter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_voter_reviewer_id"))

    op.drop_table("selection_voter")
    with op.batch_alter_table("selection_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_vote_ballot_id"))

    op.drop_table("selection_vote")
    with op.batch_alter_table("selection_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_visit_application_id"))

    op.drop_table("selection_visit")
    with op.batch_alter_table("selection_step", schema=None) as batch_op:
        batch_op.drop_index("ix_selection_step_state_due_on")

    op.drop_table("selection_step")
    with op.batch_alter_table("selection_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_sheet_signed_at"))
        batch_op.drop_index(batch_op.f("ix_selection_sheet_application_id"))

    op.drop_table("selection_sheet")
    with op.batch_alter_table("selection_recusal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_recusal_application_id"))

    op.drop_table("selection_recusal")
    op.drop_table("selection_proposal")
    with op.batch_alter_table("selection_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_pair_second_id"))
        batch_op.drop_index(batch_op.f("ix_selection_pair_first_id"))

    op.drop_table("selection_pair")
    op.drop_table("selection_override")
    with op.batch_alter_table("selection_opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_opinion_due_on"))

    op.drop_table("selection_opinion")
    with op.batch_alter_table("selection_reviewer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_selection_reviewer_number",
            sqlite_where=sa.text("state = 'seated'"),
            postgresql_where=sa.text("state = 'seated'"),
        )
        batch_op.drop_index(
            "uq_selection_reviewer_account",
            sqlite_where=sa.text("state = 'seated'"),
            postgresql_where=sa.text("state = 'seated'"),
        )
        batch_op.drop_index(batch_op.f("ix_selection_reviewer_account_id"))

    op.drop_table("selection_reviewer")
    with op.batch_alter_table("selection_quota", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_selection_quota_association",
            sqlite_where=sa.text("employer_id IS NULL"),
            postgresql_where=sa.text("employer_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_selection_quota_employer_id"))

    op.drop_table("selection_quota")
    op.drop_table("selection_meeting")
    op.drop_table("selection_import")
    op.drop_table("selection_file")
    with op.batch_alter_table("selection_draw", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_draw_round_id"))

    op.drop_table("selection_draw")
    with op.batch_alter_table("selection_clerk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_clerk_account_id"))

    op.drop_table("selection_clerk")
    op.drop_table("selection_ballot")
    with op.batch_alter_table("selection_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_selection_application_living",
            sqlite_where=sa.text("state NOT IN ('withdrawn', 'merged', 'refused') AND NOT double"),
            postgresql_where=sa.text(
                "state NOT IN ('withdrawn', 'merged', 'refused') AND NOT double"
            ),
        )
        batch_op.drop_index("ix_selection_application_round_id_state")
        batch_op.drop_index(batch_op.f("ix_selection_application_person_id"))
        batch_op.drop_index(batch_op.f("ix_selection_application_employer_id"))
        batch_op.drop_index(batch_op.f("ix_selection_application_district"))
        batch_op.drop_index(batch_op.f("ix_selection_application_account_id"))

    op.drop_table("selection_application")
    op.drop_table("selection_amendment")
    with op.batch_alter_table("selection_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_round_year"))
        batch_op.drop_index(batch_op.f("ix_selection_round_state"))
        batch_op.drop_index(batch_op.f("ix_selection_round_programme_id"))
        batch_op.drop_index(batch_op.f("ix_selection_round_closes_at"))

    op.drop_table("selection_round")
    op.drop_table("selection_programme")
