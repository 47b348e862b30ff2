"""Pool and conflicts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KINDS = ("self", "kin", "coach", "mentor", "employer", "other")


def upgrade() -> None:
    """Make room for the judge pool, relations, drawn panels and those who step back."""
    _create_judge()
    _create_relation()
    _create_panel_draw()
    _create_left_out()
    _create_recusal()
    with op.batch_alter_table("panel_seat", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "duty",
                _names("duty", "member", "reserve", "trainee", "recused"),
                server_default="member",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "answer",
                _names("answer", "asked", "accepted", "declined"),
                server_default="accepted",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answer_reason", sa.Text(), nullable=True))
    _limit_states("open", "signed", "excused")


def downgrade() -> None:
    """Take all of it back; excused sheets are open again."""
    op.execute("UPDATE sheet SET state = 'open' WHERE state = 'excused'")
    _limit_states("open", "signed")
    with op.batch_alter_table("panel_seat", schema=None) as batch_op:
        for name in ("answer", "duty"):
            batch_op.drop_constraint(op.f(f"ck_panel_seat_{name}"), type_="check")
        for name in ("answer_reason", "answered_at", "asked_at", "answer", "duty"):
            batch_op.drop_column(name)
    for table in ("recusal", "left_out", "panel_draw", "relation", "judge"):
        op.drop_table(table)


def _names(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _limit_states(*values: str) -> None:
    """Write anew which states a sheet can have."""
    words = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sheet_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_sheet_state"), f"state IN ({words})")


def _create_judge() -> None:
    op.create_table(
        "judge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column(
            "grade",
            _names("grade", "none", "junior", "middle", "deputy_senior", "senior"),
            nullable=False,
        ),
        sa.Column("held_level", sa.Integer(), nullable=True),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("occupations", sa.JSON(), nullable=False),
        sa.Column("remark", sa.String(length=400), nullable=False),
        sa.Column("barred_until", sa.Date(), nullable=True),
        sa.Column("bar_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "held_level IS NULL OR held_level BETWEEN 1 AND 5", name=op.f("ck_judge_held_level")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_judge_account_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_judge_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge")),
        sa.UniqueConstraint("account_id", name=op.f("uq_judge_account_id")),
    )
    op.create_index(op.f("ix_judge_employer_id"), "judge", ["employer_id"])


def _create_relation() -> None:
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", _names("kind", *_KINDS), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "about IN ('person', 'employer', 'entry')", name=op.f("ck_relation_about")
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_relation_{column}"))
            for column, target in (
                ("account_id", "account.id"),
                ("declared_by_id", "account.id"),
                ("employer_id", "employer.id"),
                ("ended_by_id", "account.id"),
                ("entry_id", "entry.id"),
                ("person_id", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
    )
    for column in ("account_id", "employer_id", "entry_id", "person_id"):
        op.create_index(op.f(f"ix_relation_{column}"), "relation", [column])


def _create_panel_draw() -> None:
    op.create_table(
        "panel_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        *(
            sa.Column(name, sa.JSON(), nullable=False)
            for name in ("chairs", "lots", "kept", "placed")
        ),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["account.id"], name=op.f("fk_panel_draw_drawn_by_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_panel_draw_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_draw")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_panel_draw_event_id_number")),
    )


def _create_left_out() -> None:
    op.create_table(
        "left_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", _names("kind", *_KINDS), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_left_out_entry_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["panel_seat.id"], name=op.f("fk_left_out_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_out")),
        sa.UniqueConstraint("seat_id", "entry_id", name=op.f("uq_left_out_seat_id_entry_id")),
    )
    op.create_index(op.f("ix_left_out_entry_id"), "left_out", ["entry_id"])


def _create_recusal() -> None:
    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("reserve_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_recusal_{column}"))
            for column, target in (
                ("recorded_by_id", "account.id"),
                ("reserve_id", "account.id"),
                ("seat_id", "panel_seat.id"),
                ("sheet_id", "sheet.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_recusal_sheet_id")),
    )
    op.create_index(op.f("ix_recusal_seat_id"), "recusal", ["seat_id"])
