"""Nominations to the province and the nation: calls, candidates, notices, papers, sendings."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_UNDER_WAY = "state NOT IN ('granted', 'not_granted', 'declined', 'withdrawn')"


def upgrade() -> None:
    op.create_table(
        "nomination_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
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
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("superior", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("round_key", sa.String(length=80), nullable=False),
        sa.Column("own_until", sa.Date(), nullable=False),
        sa.Column("superior_until", sa.Date(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('open', 'closed') OR opened_at IS NOT NULL",
            name=op.f("ck_nomination_call_opened"),
        ),
        sa.CheckConstraint(
            "opened_by_id IS NULL OR opened_by_id <> written_by_id",
            name=op.f("ck_nomination_call_second_person"),
        ),
        sa.CheckConstraint("own_until <= superior_until", name=op.f("ck_nomination_call_dates")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_nomination_call_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_nomination_call_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_call")),
    )
    op.create_index(op.f("ix_nomination_call_state"), "nomination_call", ["state"], unique=False)
    op.create_index(
        op.f("ix_nomination_call_superior_until"),
        "nomination_call",
        ["superior_until"],
        unique=False,
    )
    op.create_index(op.f("ix_nomination_call_year"), "nomination_call", ["year"], unique=False)
    op.create_table(
        "nomination_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("list_key", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
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
            name=op.f("ck_nomination_form_second_person"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_nomination_form_size")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_nomination_form_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["nomination_call.id"], name=op.f("fk_nomination_form_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_nomination_form_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_form")),
        sa.UniqueConstraint(
            "call_id",
            "list_key",
            "form",
            "number",
            name=op.f("uq_nomination_form_call_id_list_key_form_number"),
        ),
        sa.UniqueConstraint("file_key", name=op.f("uq_nomination_form_file_key")),
    )
    op.create_index(
        "uq_nomination_form_approved",
        "nomination_form",
        ["call_id", "list_key", "form"],
        unique=True,
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_table(
        "nomination_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("counts_first_day", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_nomination_notice_dates")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["nomination_call.id"], name=op.f("fk_nomination_notice_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by_id"], ["account.id"], name=op.f("fk_nomination_notice_posted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_notice")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_nomination_notice_call_id_number")),
    )
    op.create_index(
        op.f("ix_nomination_notice_ends_on"), "nomination_notice", ["ends_on"], unique=False
    )
    op.create_table(
        "nomination_sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_nomination_sending_number")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["nomination_call.id"], name=op.f("fk_nomination_sending_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["account.id"], name=op.f("fk_nomination_sending_sent_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_sending")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_nomination_sending_call_id_number")),
    )
    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("round_key", sa.String(length=80), nullable=False),
        sa.Column("list_key", sa.String(length=40), nullable=False),
        sa.Column(
            "of",
            sa.Enum(
                "person",
                "employer",
                name="of",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "proposed_by",
            sa.Enum(
                "bureau",
                "employer",
                name="proposed_by",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "proposed",
                "returned",
                "checked",
                "ranked",
                "notice",
                "approved",
                "sent",
                "granted",
                "not_granted",
                "declined",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=True),
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
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("trade_since", sa.Date(), nullable=True),
        sa.Column("local_since", sa.Date(), nullable=True),
        sa.Column("retires_on", sa.Date(), nullable=True),
        sa.Column("central", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("merits", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("preferred", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("complete_until", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("outcome_document", sa.String(length=160), nullable=False),
        sa.Column("outcome_by_id", sa.Integer(), nullable=True),
        sa.Column("honour_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(of = 'person') = (person_id IS NOT NULL)", name=op.f("ck_nomination_of_person")
        ),
        sa.CheckConstraint(
            "of = 'person' OR employer_id IS NOT NULL", name=op.f("ck_nomination_employer")
        ),
        sa.CheckConstraint(
            "state NOT IN ('granted', 'not_granted') OR outcome_on IS NOT NULL",
            name=op.f("ck_nomination_outcome"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR checked_by_id IS NULL OR approved_by_id <> checked_by_id",
            name=op.f("ck_nomination_second_person"),
        ),
        sa.CheckConstraint("rank IS NULL OR rank >= 1", name=op.f("ck_nomination_rank")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_nomination_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["nomination_call.id"], name=op.f("fk_nomination_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["account.id"], name=op.f("fk_nomination_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_nomination_employer_id")
        ),
        sa.ForeignKeyConstraint(["honour_id"], ["honour.id"], name=op.f("fk_nomination_honour_id")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["nomination_notice.id"], name=op.f("fk_nomination_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_by_id"], ["account.id"], name=op.f("fk_nomination_outcome_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_nomination_person_id")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["account.id"], name=op.f("fk_nomination_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
    )
    op.create_index("ix_nomination_call_id_state", "nomination", ["call_id", "state"], unique=False)
    op.create_index(op.f("ix_nomination_employer_id"), "nomination", ["employer_id"], unique=False)
    op.create_index(op.f("ix_nomination_notice_id"), "nomination", ["notice_id"], unique=False)
    op.create_index(op.f("ix_nomination_person_id"), "nomination", ["person_id"], unique=False)
    op.create_index(
        "uq_nomination_employer",
        "nomination",
        ["round_key", "employer_id"],
        unique=True,
        sqlite_where=sa.text(f"person_id IS NULL AND {_UNDER_WAY}"),
        postgresql_where=sa.text(f"person_id IS NULL AND {_UNDER_WAY}"),
    )
    op.create_index(
        "uq_nomination_person",
        "nomination",
        ["round_key", "person_id"],
        unique=True,
        sqlite_where=sa.text(f"person_id IS NOT NULL AND {_UNDER_WAY}"),
        postgresql_where=sa.text(f"person_id IS NOT NULL AND {_UNDER_WAY}"),
    )
    op.create_table(
        "nomination_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "call",
                "material",
                "proof",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("material", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'call') = (nomination_id IS NULL)", name=op.f("ck_nomination_file_holder")
        ),
        sa.CheckConstraint("pages > 0", name=op.f("ck_nomination_file_pages")),
        sa.CheckConstraint("size > 0", name=op.f("ck_nomination_file_size")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_nomination_file_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["nomination_call.id"], name=op.f("fk_nomination_file_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_file_nomination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_file")),
        sa.UniqueConstraint(
            "call_id",
            "nomination_id",
            "purpose",
            "sha256",
            name=op.f("uq_nomination_file_call_id_nomination_id_purpose_sha256"),
        ),
        sa.UniqueConstraint("file_key", name=op.f("uq_nomination_file_file_key")),
    )
    op.create_index(
        op.f("ix_nomination_file_call_id"), "nomination_file", ["call_id"], unique=False
    )
    op.create_index(
        op.f("ix_nomination_file_nomination_id"), "nomination_file", ["nomination_id"], unique=False
    )
    op.create_table(
        "nomination_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("objector", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "dismissed",
                "upheld",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)",
            name=op.f("ck_nomination_objection_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_nomination_objection_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_objection_nomination_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["nomination_notice.id"], name=op.f("fk_nomination_objection_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_nomination_objection_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_objection")),
    )
    op.create_index(
        op.f("ix_nomination_objection_nomination_id"),
        "nomination_objection",
        ["nomination_id"],
        unique=False,
    )
    op.create_table(
        "nomination_sent_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "pack",
                "form",
                "list",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(kind = 'list') = (nomination_id IS NULL)", name=op.f("ck_nomination_sent_file_holder")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_nomination_sent_file_size")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_nomination_sent_file_nomination_id")
        ),
        sa.ForeignKeyConstraint(
            ["sending_id"],
            ["nomination_sending.id"],
            name=op.f("fk_nomination_sent_file_sending_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_sent_file")),
        sa.UniqueConstraint("file_key", name=op.f("uq_nomination_sent_file_file_key")),
    )
    op.create_index(
        op.f("ix_nomination_sent_file_nomination_id"),
        "nomination_sent_file",
        ["nomination_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_nomination_sent_file_sending_id"),
        "nomination_sent_file",
        ["sending_id"],
        unique=False,
    )


def downgrade() -> None:

    op.drop_index(op.f("ix_nomination_sent_file_sending_id"), table_name="nomination_sent_file")
    op.drop_index(op.f("ix_nomination_sent_file_nomination_id"), table_name="nomination_sent_file")
    op.drop_table("nomination_sent_file")
    op.drop_index(op.f("ix_nomination_objection_nomination_id"), table_name="nomination_objection")
    op.drop_table("nomination_objection")
    op.drop_index(op.f("ix_nomination_file_nomination_id"), table_name="nomination_file")
    op.drop_index(op.f("ix_nomination_file_call_id"), table_name="nomination_file")
    op.drop_table("nomination_file")
    op.drop_index(
        "uq_nomination_person",
        table_name="nomination",
        sqlite_where=sa.text(f"person_id IS NOT NULL AND {_UNDER_WAY}"),
        postgresql_where=sa.text(f"person_id IS NOT NULL AND {_UNDER_WAY}"),
    )
    op.drop_index(
        "uq_nomination_employer",
        table_name="nomination",
        sqlite_where=sa.text(f"person_id IS NULL AND {_UNDER_WAY}"),
        postgresql_where=sa.text(f"person_id IS NULL AND {_UNDER_WAY}"),
    )
    op.drop_index(op.f("ix_nomination_person_id"), table_name="nomination")
    op.drop_index(op.f("ix_nomination_notice_id"), table_name="nomination")
    op.drop_index(op.f("ix_nomination_employer_id"), table_name="nomination")
    op.drop_index("ix_nomination_call_id_state", table_name="nomination")
    op.drop_table("nomination")
    op.drop_table("nomination_sending")
    op.drop_index(op.f("ix_nomination_notice_ends_on"), table_name="nomination_notice")
    op.drop_table("nomination_notice")
    op.drop_index(
        "uq_nomination_form_approved",
        table_name="nomination_form",
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.drop_table("nomination_form")
    op.drop_index(op.f("ix_nomination_call_year"), table_name="nomination_call")
    op.drop_index(op.f("ix_nomination_call_superior_until"), table_name="nomination_call")
    op.drop_index(op.f("ix_nomination_call_state"), table_name="nomination_call")
    op.drop_table("nomination_call")
