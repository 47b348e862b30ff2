"""Payment orders, bank accounts of payees, and the approver."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


FORMER_ROLES = (
    "organizer",
    "chief_judge",
    "judge",
    "entry_clerk",
    "sealer",
    "hall_clerk",
    "supervisor",
    "arbitrator",
    "employer",
    "contestant",
    "bureau_staff",
    "payer",
    "administrator",
)


def allow_roles(names: tuple[str, ...]) -> None:
    """Limit role grants to these roles."""
    listed = ", ".join(f"'{name}'" for name in names)
    with op.batch_alter_table("role_grant") as batch_op:
        batch_op.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_role_grant_role"), f"role IN ({listed})")


def upgrade() -> None:
    allow_roles((*FORMER_ROLES, "approver"))
    op.create_table(
        "payout_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_layout")),
        sa.UniqueConstraint("title", name=op.f("uq_payout_layout_title")),
    )
    op.create_table(
        "bank_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "card",
                "book",
                "company",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("bank", sa.String(length=80), nullable=False),
        sa.Column("branch", sa.String(length=120), nullable=False),
        sa.Column("bank_code", sa.String(length=12), nullable=False),
        sa.Column("consent", sa.String(length=1000), nullable=False),
        sa.Column("paper", sa.String(length=120), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(number IS NULL) = (purged_at IS NOT NULL)", name=op.f("ck_bank_account_purged")
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (employer_id IS NULL)", name=op.f("ck_bank_account_owner")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_bank_account_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_bank_account_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_bank_account_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
    )
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.create_index(
            "uq_bank_account_employer",
            ["employer_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND employer_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND employer_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_bank_account_person",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND person_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND person_id IS NOT NULL"),
        )

    op.create_table(
        "payout_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "sent",
                "settled",
                "cancelled",
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
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> prepared_by_id"
            " AND approved_by_id <> submitted_by_id)",
            name=op.f("ck_payout_order_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_payout_order_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_payout_order_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["layout_id"], ["payout_layout.id"], name=op.f("fk_payout_order_layout_id")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["account.id"], name=op.f("fk_payout_order_prepared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["account.id"], name=op.f("fk_payout_order_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_order")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_payout_order_contest_id_number")),
    )
    op.create_table(
        "payout_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "member",
                "team",
                "coach",
                "employer",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("barred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("barred_reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_payout_claim_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_payout_claim_employer_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_payout_claim_entry_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_payout_claim_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_claim")),
        sa.UniqueConstraint("key", name=op.f("uq_payout_claim_key")),
    )
    with op.batch_alter_table("payout_claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payout_claim_contest_id"), ["contest_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_payout_claim_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_payout_claim_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payout_claim_person_id"), ["person_id"], unique=False)

    op.create_table(
        "payout_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
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
        sa.Column("settled", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_payout_return_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["payout_order.id"], name=op.f("fk_payout_return_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_return")),
    )
    with op.batch_alter_table("payout_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_return_order_id"), ["order_id"], unique=False)

    op.create_table(
        "payout_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("payee", sa.String(length=120), nullable=False),
        sa.Column(
            "payee_kind",
            sa.Enum(
                "person",
                "employer",
                "team",
                name="payee_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("award", sa.String(length=60), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
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
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ordered",
                "held",
                "sent",
                "paid",
                "failed",
                "stopped",
                "recovering",
                "paid_back",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("live", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "treatment <> 'exempt' OR basis <> ''", name=op.f("ck_payout_line_basis")
        ),
        sa.CheckConstraint(
            "treatment = 'withheld' OR tax = 0", name=op.f("ck_payout_line_untaxed")
        ),
        sa.CheckConstraint(
            "gross = tax + net AND tax >= 0 AND net > 0", name=op.f("ck_payout_line_sums")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.id"], name=op.f("fk_payout_line_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["payout_claim.id"], name=op.f("fk_payout_line_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["payout_order.id"], name=op.f("fk_payout_line_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_payout_line_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_line")),
    )
    with op.batch_alter_table("payout_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_line_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payout_line_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payout_line_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_payout_line_revision_id"), ["revision_id"], unique=False
        )
        batch_op.create_index(
            "uq_payout_line_live",
            ["claim_id", "part"],
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "payout_recovery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "received",
                "waived",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("waiver_reason", sa.String(length=400), nullable=False),
        sa.Column("waiver_by_id", sa.Integer(), nullable=True),
        sa.Column("waived_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "received >= 0 AND received <= net AND net > 0", name=op.f("ck_payout_recovery_amounts")
        ),
        sa.CheckConstraint(
            "waived_by_id IS NULL OR waived_by_id <> waiver_by_id",
            name=op.f("ck_payout_recovery_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_payout_recovery_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["payout_line.id"], name=op.f("fk_payout_recovery_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_payout_recovery_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["waived_by_id"], ["account.id"], name=op.f("fk_payout_recovery_waived_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["waiver_by_id"], ["account.id"], name=op.f("fk_payout_recovery_waiver_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_recovery")),
        sa.UniqueConstraint(
            "contest_id", "number", name=op.f("uq_payout_recovery_contest_id_number")
        ),
    )
    with op.batch_alter_table("payout_recovery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_recovery_line_id"), ["line_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("payout_recovery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payout_recovery_line_id"))

    op.drop_table("payout_recovery")
    with op.batch_alter_table("payout_line", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_payout_line_live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live")
        )
        batch_op.drop_index(batch_op.f("ix_payout_line_revision_id"))
        batch_op.drop_index(batch_op.f("ix_payout_line_order_id"))
        batch_op.drop_index(batch_op.f("ix_payout_line_claim_id"))
        batch_op.drop_index(batch_op.f("ix_payout_line_account_id"))

    op.drop_table("payout_line")
    with op.batch_alter_table("payout_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payout_return_order_id"))

    op.drop_table("payout_return")
    with op.batch_alter_table("payout_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payout_claim_person_id"))
        batch_op.drop_index(batch_op.f("ix_payout_claim_entry_id"))
        batch_op.drop_index(batch_op.f("ix_payout_claim_employer_id"))
        batch_op.drop_index(batch_op.f("ix_payout_claim_contest_id"))

    op.drop_table("payout_claim")
    op.drop_table("payout_order")
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bank_account_person",
            sqlite_where=sa.text("ended_at IS NULL AND person_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND person_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_bank_account_employer",
            sqlite_where=sa.text("ended_at IS NULL AND employer_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND employer_id IS NOT NULL"),
        )

    op.drop_table("bank_account")
    op.drop_table("payout_layout")
    op.execute("DELETE FROM role_grant WHERE role = 'approver'")
    allow_roles(FORMER_ROLES)
