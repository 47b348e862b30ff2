"""The register of honours."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "honour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "prize", "title", name="kind", native_enum=False, create_constraint=True, length=24
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
        sa.Column("granted_by", sa.String(length=200), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("programme", sa.String(length=160), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "via",
            sa.Enum(
                "contest",
                "selection",
                name="via",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "award",
                "external",
                "history",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.String(length=160), nullable=False),
        sa.Column("employer", sa.String(length=120), nullable=False),
        sa.Column("of_company", sa.Boolean(), nullable=True),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "standing",
                "rejected",
                "revoked",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(source = 'award') = (award_id IS NOT NULL)", name=op.f("ck_honour_source_award")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id",
            name=op.f("ck_honour_second_person"),
        ),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_honour_award_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_honour_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_honour_entry_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_honour_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_honour_person_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_honour_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honour")),
    )
    with op.batch_alter_table("honour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_honour_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_honour_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_honour_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_honour_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_honour_title"), ["title"], unique=False)
        batch_op.create_index(batch_op.f("ix_honour_year"), ["year"], unique=False)
        batch_op.create_index(
            "uq_honour_entry",
            ["entry_id", "person_id", "title"],
            unique=True,
            sqlite_where=sa.text("entry_id IS NOT NULL AND state IN ('standing', 'revoked')"),
            postgresql_where=sa.text("entry_id IS NOT NULL AND state IN ('standing', 'revoked')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("honour", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_honour_entry",
            sqlite_where=sa.text("entry_id IS NOT NULL AND state IN ('standing', 'revoked')"),
            postgresql_where=sa.text("entry_id IS NOT NULL AND state IN ('standing', 'revoked')"),
        )
        batch_op.drop_index(batch_op.f("ix_honour_year"))
        batch_op.drop_index(batch_op.f("ix_honour_title"))
        batch_op.drop_index(batch_op.f("ix_honour_state"))
        batch_op.drop_index(batch_op.f("ix_honour_person_id"))
        batch_op.drop_index(batch_op.f("ix_honour_event_id"))
        batch_op.drop_index(batch_op.f("ix_honour_award_id"))

    op.drop_table("honour")
