"""Stipends of mentors, and payment series beside contests."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ONE_SOURCE = "(contest_id IS NULL) <> (series_id IS NULL)"


def upgrade() -> None:
    op.create_table(
        "other_training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pre_job",
                "upgrade",
                "apprenticeship",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("occupation", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_other_training_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_other_training_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_training")),
        sa.UniqueConstraint(
            "person_id",
            "kind",
            "occupation",
            "held_on",
            name=op.f("uq_other_training_person_id_kind_occupation_held_on"),
        ),
    )
    with op.batch_alter_table("other_training", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_other_training_held_on"), ["held_on"], unique=False)

    op.create_table(
        "payout_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "stipends",
                "grants",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "treatment",
            sa.Enum(
                "withheld",
                "exempt",
                "wages",
                "unit",
                name="treatment",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("basis", sa.String(length=400), nullable=False),
        sa.Column("budget_line", sa.String(length=20), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "treatment <> 'exempt' OR basis <> ''", name=op.f("ck_payout_series_basis")
        ),
        sa.CheckConstraint(
            "ceiling IS NULL OR ceiling >= 0", name=op.f("ck_payout_series_ceiling")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_payout_series_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_payout_series_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_series")),
        sa.UniqueConstraint("code", name=op.f("uq_payout_series_code")),
        sa.UniqueConstraint("title", name=op.f("uq_payout_series_title")),
    )
    with op.batch_alter_table("payout_series", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payout_series_employer_id"), ["employer_id"], unique=False
        )

    op.create_table(
        "stipend_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "checked",
                "approved",
                "ordered",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("inputs_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ordered_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> prepared_by_id"
            " AND approved_by_id <> checked_by_id)",
            name=op.f("ck_stipend_run_approval"),
        ),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> prepared_by_id",
            name=op.f("ck_stipend_run_check"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_stipend_run_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["account.id"], name=op.f("fk_stipend_run_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by_id"], ["account.id"], name=op.f("fk_stipend_run_ordered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["account.id"], name=op.f("fk_stipend_run_prepared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["payout_series.id"], name=op.f("fk_stipend_run_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stipend_run")),
        sa.UniqueConstraint("series_id", "number", name=op.f("uq_stipend_run_series_id_number")),
    )
    with op.batch_alter_table("stipend_run", schema=None) as batch_op:
        batch_op.create_index(
            "uq_stipend_run_open",
            ["series_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'checked', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'checked', 'approved')"),
        )

    op.create_table(
        "stipend_scale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=400), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> drafted_by_id",
            name=op.f("ck_stipend_scale_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_stipend_scale_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["account.id"], name=op.f("fk_stipend_scale_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["payout_series.id"], name=op.f("fk_stipend_scale_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stipend_scale")),
    )
    with op.batch_alter_table("stipend_scale", schema=None) as batch_op:
        batch_op.create_index(
            "uq_stipend_scale_starts_on",
            ["series_id", "starts_on"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "stipend_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "agreed_by_id IS NULL OR agreed_by_id <> decided_by_id",
            name=op.f("ck_stipend_case_two_people"),
        ),
        sa.CheckConstraint("kept BETWEEN 0 AND 10000", name=op.f("ck_stipend_case_kept")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["account.id"], name=op.f("fk_stipend_case_agreed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_stipend_case_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_stipend_case_mentorship_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stipend_case")),
        sa.UniqueConstraint("mentorship_id", name=op.f("uq_stipend_case_mentorship_id")),
    )
    op.create_table(
        "stipend_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "month",
                "success",
                "subsidy",
                "advance",
                "offset",
                "correction",
                "claw_back",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "due",
                "late",
                "changed",
                "earned",
                "ended",
                "broken_off",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_stipend_line_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["person.id"], name=op.f("fk_stipend_line_mentor_id")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_stipend_line_mentorship_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["stipend_run.id"], name=op.f("fk_stipend_line_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stipend_line")),
    )
    with op.batch_alter_table("stipend_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stipend_line_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stipend_line_mentor_id"), ["mentor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_stipend_line_mentorship_id"), ["mentorship_id"], unique=False
        )
        batch_op.create_index(
            "ix_stipend_line_run_id_mentor_id", ["run_id", "mentor_id"], unique=False
        )

    op.create_table(
        "stipend_total",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("brought", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("carried", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (employer_id IS NULL)", name=op.f("ck_stipend_total_payee")
        ),
        sa.CheckConstraint(
            "brought <= 0 AND carried <= 0 AND due >= 0 AND recovered >= 0",
            name=op.f("ck_stipend_total_signs"),
        ),
        sa.CheckConstraint(
            "total + brought = due - recovered + carried", name=op.f("ck_stipend_total_sums")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_stipend_total_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_stipend_total_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["stipend_run.id"], name=op.f("fk_stipend_total_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stipend_total")),
        sa.UniqueConstraint(
            "run_id", "employer_id", name=op.f("uq_stipend_total_run_id_employer_id")
        ),
        sa.UniqueConstraint("run_id", "person_id", name=op.f("uq_stipend_total_run_id_person_id")),
    )
    with op.batch_alter_table("stipend_total", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stipend_total_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stipend_total_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("payout_claim", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.alter_column("contest_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(batch_op.f("ix_payout_claim_series_id"), ["series_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_payout_claim_series_id"), "payout_series", ["series_id"], ["id"]
        )
        batch_op.create_check_constraint(op.f("ck_payout_claim_source"), ONE_SOURCE)

    with op.batch_alter_table("payout_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.alter_column("contest_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(
            batch_op.f("uq_payout_order_series_id_number"), ["series_id", "number"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_payout_order_series_id"), "payout_series", ["series_id"], ["id"]
        )
        batch_op.create_check_constraint(op.f("ck_payout_order_source"), ONE_SOURCE)

    with op.batch_alter_table("payout_recovery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.alter_column("contest_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(
            batch_op.f("uq_payout_recovery_series_id_number"), ["series_id", "number"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_payout_recovery_series_id"), "payout_series", ["series_id"], ["id"]
        )
        batch_op.create_check_constraint(op.f("ck_payout_recovery_source"), ONE_SOURCE)


def downgrade() -> None:
    # Payments of series have no place in the former tables.
    op.execute("DELETE FROM payout_recovery WHERE series_id IS NOT NULL")
    for table in ("payout_return", "payout_line"):
        rows = sa.table(table, sa.column("order_id"))
        orders = sa.table("payout_order", sa.column("id"), sa.column("series_id"))
        series = sa.select(orders.c.id).where(orders.c.series_id.is_not(None))
        op.execute(sa.delete(rows).where(rows.c.order_id.in_(series)))
    op.execute("DELETE FROM payout_claim WHERE series_id IS NOT NULL")
    op.execute("DELETE FROM payout_order WHERE series_id IS NOT NULL")
    with op.batch_alter_table("payout_recovery", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_payout_recovery_source"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_payout_recovery_series_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_payout_recovery_series_id_number"), type_="unique")
        batch_op.alter_column("contest_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("series_id")

    with op.batch_alter_table("payout_order", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_payout_order_source"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_payout_order_series_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_payout_order_series_id_number"), type_="unique")
        batch_op.alter_column("contest_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("series_id")

    with op.batch_alter_table("payout_claim", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_payout_claim_source"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_payout_claim_series_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_payout_claim_series_id"))
        batch_op.alter_column("contest_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("series_id")

    with op.batch_alter_table("stipend_total", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stipend_total_person_id"))
        batch_op.drop_index(batch_op.f("ix_stipend_total_employer_id"))

    op.drop_table("stipend_total")
    with op.batch_alter_table("stipend_line", schema=None) as batch_op:
        batch_op.drop_index("ix_stipend_line_run_id_mentor_id")
        batch_op.drop_index(batch_op.f("ix_stipend_line_mentorship_id"))
        batch_op.drop_index(batch_op.f("ix_stipend_line_mentor_id"))
        batch_op.drop_index(batch_op.f("ix_stipend_line_employer_id"))

    op.drop_table("stipend_line")
    op.drop_table("stipend_case")
    with op.batch_alter_table("stipend_scale", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stipend_scale_starts_on",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.drop_table("stipend_scale")
    with op.batch_alter_table("stipend_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stipend_run_open",
            sqlite_where=sa.text("state IN ('draft', 'checked', 'approved')"),
            postgresql_where=sa.text("state IN ('draft', 'checked', 'approved')"),
        )

    op.drop_table("stipend_run")
    with op.batch_alter_table("payout_series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payout_series_employer_id"))

    op.drop_table("payout_series")
    with op.batch_alter_table("other_training", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_other_training_held_on"))

    op.drop_table("other_training")
