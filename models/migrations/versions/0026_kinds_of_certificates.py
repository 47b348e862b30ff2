"""Certificates of several kinds, each with its own source; people called to a task."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_KINDS = (
    *("honour", "team", "coach", "level", "participation"),
    *("judge", "appointment", "plaque"),
)
_SOURCE = (
    "(award_id IS NOT NULL) = (kind IN ('honour', 'team', 'coach'))"
    " AND (line_id IS NOT NULL) = (kind = 'level')"
    " AND (entry_id IS NOT NULL) = (kind = 'participation')"
    " AND (prize IS NOT NULL) = (kind = 'plaque')"
    " AND (appointment_id IS NOT NULL) = (kind = 'appointment' AND account_id IS NULL)"
    " AND (account_id IS NULL OR kind IN ('judge', 'appointment'))"
    " AND (account_id IS NOT NULL OR kind <> 'judge')"
)
_HOLDER = (
    "(kind NOT IN ('honour', 'coach', 'level', 'participation') OR person_id IS NOT NULL)"
    " AND (kind NOT IN ('team', 'plaque') OR person_id IS NULL)"
    " AND (kind <> 'plaque' OR employer_id IS NOT NULL)"
)
_OLD = sa.text("state = 'issued'")
_VALID = (
    ("award_person", "'honour', 'coach'", ["award_id", "person_id"]),
    ("team", "'team'", ["award_id"]),
    ("line", "'level'", ["line_id"]),
    ("entry_person", "'participation'", ["entry_id", "person_id"]),
    ("judge", "'judge'", ["event_id", "account_id"]),
    ("seat", "'appointment'", ["event_id", "account_id"]),
    ("appointment", "'appointment'", ["appointment_id"]),
    ("prize", "'plaque'", ["contest_id", "prize", "employer_id"]),
)
_NEW = {
    "event_id": "event",
    "line_id": "level_line",
    "entry_id": "entry",
    "account_id": "account",
    "appointment_id": "appointment",
    "employer_id": "employer",
}
_INDEXED = ("contest_id", "event_id", "account_id")


def upgrade() -> None:
    _create_appointment()
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificate_award_person_valid", sqlite_where=_OLD, postgresql_where=_OLD
        )
        names = sa.Enum(*_KINDS, name="kind", native_enum=False, create_constraint=True, length=24)
        batch_op.add_column(sa.Column("kind", names, server_default="honour", nullable=False))
        batch_op.add_column(sa.Column("name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("contest_id", sa.Integer(), nullable=True))
        for name in _NEW:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("prize", sa.String(length=60), nullable=True))
    _place()
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(length=200), nullable=False)
        batch_op.alter_column("contest_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("award_id", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        for name, table in {"contest_id": "contest", **_NEW}.items():
            batch_op.create_foreign_key(op.f(f"fk_certificate_{name}"), table, [name], ["id"])
        batch_op.create_check_constraint(op.f("ck_certificate_source"), _SOURCE)
        batch_op.create_check_constraint(op.f("ck_certificate_holder"), _HOLDER)
        for name in _INDEXED:
            batch_op.create_index(batch_op.f(f"ix_certificate_{name}"), [name], unique=False)
        for name, kinds, columns in _VALID:
            where = sa.text(f"state = 'issued' AND kind IN ({kinds})")
            batch_op.create_index(
                f"uq_certificate_{name}_valid",
                columns,
                unique=True,
                sqlite_where=where,
                postgresql_where=where,
            )


def downgrade() -> None:
    """Take it back; papers of the new kinds go, for nothing could hold them."""
    op.execute("DELETE FROM certificate WHERE kind <> 'honour'")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        for name, kinds, _ in _VALID:
            where = sa.text(f"state = 'issued' AND kind IN ({kinds})")
            batch_op.drop_index(
                f"uq_certificate_{name}_valid", sqlite_where=where, postgresql_where=where
            )
        for name in _INDEXED:
            batch_op.drop_index(batch_op.f(f"ix_certificate_{name}"))
        for name in ("source", "holder", "kind"):
            batch_op.drop_constraint(op.f(f"ck_certificate_{name}"), type_="check")
        for name in ("contest_id", *_NEW):
            batch_op.drop_constraint(op.f(f"fk_certificate_{name}"), type_="foreignkey")
        for name in ("prize", *_NEW, "contest_id", "name", "kind"):
            batch_op.drop_column(name)
        batch_op.alter_column("award_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_index(
            "uq_certificate_award_person_valid",
            ["award_id", "person_id"],
            unique=True,
            sqlite_where=_OLD,
            postgresql_where=_OLD,
        )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_contest_id"))
    op.drop_table("appointment")


def _create_appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_appointment_term")),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_appointment_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_appointment_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_contest_id"), ["contest_id"], unique=False)


def _place() -> None:
    """Name person, contest and event of what was issued before."""
    op.execute(
        "UPDATE certificate SET name ="
        " (SELECT person.name FROM person WHERE person.id = certificate.person_id)"
    )
    op.execute(
        "UPDATE certificate SET event_id = (SELECT entry.event_id FROM award"
        " JOIN entry ON entry.id = award.entry_id WHERE award.id = certificate.award_id)"
    )
    op.execute(
        "UPDATE certificate SET contest_id ="
        " (SELECT event.contest_id FROM event WHERE event.id = certificate.event_id)"
    )
