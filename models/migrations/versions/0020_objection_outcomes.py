"""Objections to their end: persons, files, what they change, and lists that come back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


BEFORE = ("filed", "in_hand", "answered", "refused", "withdrawn", "late")
WITH_SETTLED = (*BEFORE, "settled")


def _allow(states: tuple[str, ...]) -> None:
    words = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_objection_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_objection_state"), f"state IN ({words})")


def upgrade() -> None:
    op.create_table(
        "objection_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("base_revision_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["base_revision_id"], ["revision.id"], name=op.f("fk_objection_effect_base_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_objection_effect_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_objection_effect_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_objection_effect_objection_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_objection_effect_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_effect")),
    )
    with op.batch_alter_table("objection_effect", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objection_effect_event_id"), ["event_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_objection_effect_objection_id"), ["objection_id"], unique=False
        )

    op.create_table(
        "objection_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("of_answer", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_objection_file_size")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_objection_file_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_objection_file_objection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_file")),
        sa.UniqueConstraint("file_key", name=op.f("uq_objection_file_file_key")),
        sa.UniqueConstraint(
            "objection_id", "sha256", name=op.f("uq_objection_file_objection_id_sha256")
        ),
    )
    with op.batch_alter_table("objection_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_objection_file_objection_id"), ["objection_id"], unique=False
        )

    with op.batch_alter_table("notice_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_out_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("base_revision_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("only_changes", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_item_base_revision_id"), "revision", ["base_revision_id"], ["id"]
        )

    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "remedy",
                sa.Enum(
                    "note",
                    "correction",
                    "no_award",
                    "disqualified",
                    name="remedy",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_objection_person_id"), ["person_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_objection_person_id"), "person", ["person_id"], ["id"]
        )
    _allow(WITH_SETTLED)
    op.execute(
        "UPDATE objection SET state = 'settled', "
        "settled_at = COALESCE(carried_out_at, answered_at) "
        "WHERE state = 'answered' AND (finding = 'not_upheld' OR carried_out_at IS NOT NULL)"
    )
    op.execute("UPDATE objection SET remedy = 'note' WHERE carried_out_at IS NOT NULL")


def downgrade() -> None:
    op.execute("UPDATE objection SET state = 'answered' WHERE state = 'settled'")
    _allow(BEFORE)
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_objection_person_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_objection_person_id"))
        batch_op.drop_constraint(op.f("ck_objection_remedy"), type_="check")
        batch_op.drop_column("settled_at")
        batch_op.drop_column("remedy")
        batch_op.drop_column("person_id")

    with op.batch_alter_table("notice_item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notice_item_base_revision_id"), type_="foreignkey")
        batch_op.drop_column("only_changes")
        batch_op.drop_column("base_revision_id")
        batch_op.drop_column("taken_out_at")

    with op.batch_alter_table("objection_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_file_objection_id"))

    op.drop_table("objection_file")
    with op.batch_alter_table("objection_effect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_effect_objection_id"))
        batch_op.drop_index(batch_op.f("ix_objection_effect_event_id"))

    op.drop_table("objection_effect")
