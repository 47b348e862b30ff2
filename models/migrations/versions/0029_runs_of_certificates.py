"""Runs of certificates, counters of serials, and the register of numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_RUN_STATES = (
    "prepared",
    "checked",
    "approved",
    "running",
    "stopped",
    "failed",
    "done",
    "cancelled",
)
_KINDS = (
    *("honour", "team", "coach", "level", "participation"),
    *("judge", "appointment", "plaque"),
)
_LINE_STATES = ("waiting", "blocked", "left_out", "issued", "printed")
_OPEN = sa.text("state NOT IN ('done', 'cancelled')")


def _named(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _state(*values: str) -> sa.Enum:
    return _named("state", *values)


def upgrade() -> None:
    op.create_table(
        "serial_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serial_counter")),
        sa.UniqueConstraint("series", name=op.f("uq_serial_counter_series")),
    )
    op.create_table(
        "issue_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("kind", _named("kind", *_KINDS), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=False),
        sa.Column("state", _state(*_RUN_STATES), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("lease_owner", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pace_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pace_done", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_issue_run_{column}"))
            for column, table in (
                ("contest_id", "contest"),
                ("layout_id", "layout_version"),
                ("prepared_by_id", "account"),
                ("approved_by_id", "account"),
                ("started_by_id", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_run")),
    )
    op.create_index(op.f("ix_issue_run_contest_id"), "issue_run", ["contest_id"])
    op.create_index(
        "uq_issue_run_open",
        "issue_run",
        ["contest_id", "kind"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "issue_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", _state(*_LINE_STATES), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["issue_run.id"], name=op.f("fk_issue_line_run_id")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_issue_line_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_line")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_issue_line_run_id_position")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_issue_line_certificate_id")),
    )
    op.create_index("ix_issue_line_run_id_state", "issue_line", ["run_id", "state"])
    op.create_table(
        "taken_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("state", _state("issued", "void"), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.CheckConstraint(
            "(state = 'void') = (voided_at IS NOT NULL)", name=op.f("ck_taken_number_voided")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_taken_number_contest_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["issue_run.id"], name=op.f("fk_taken_number_run_id")),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["account.id"], name=op.f("fk_taken_number_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_number")),
        sa.UniqueConstraint("number", name=op.f("uq_taken_number_number")),
    )
    op.create_index("ix_taken_number_contest_id_id", "taken_number", ["contest_id", "id"])
    op.create_index(op.f("ix_taken_number_run_id"), "taken_number", ["run_id"])
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_certificate_replaces_id"), ["replaces_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_replaces_id"), "certificate", ["replaces_id"], ["id"]
        )
    _enter_what_was_issued()


def _enter_what_was_issued() -> None:
    """Put the numbers that were given out so far into the register, and set the counters."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO taken_number (number, contest_id, state, taken_at, reason)"
            " SELECT number, contest_id, 'issued', issued_at, '' FROM certificate ORDER BY id"
        )
    )
    last: dict[str, int] = {}
    for (number,) in connection.execute(sa.text("SELECT number FROM certificate")):
        series, serial, _ = number.rsplit("-", 2)
        last[series] = max(last.get(series, 0), int(serial))
    counters = sa.table("serial_counter", sa.column("series"), sa.column("last"))
    if last:
        rows = [{"series": series, "last": serial} for series, serial in last.items()]
        connection.execute(sa.insert(counters), rows)


def downgrade() -> None:
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_certificate_replaces_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_certificate_replaces_id"))
        batch_op.drop_column("replaces_id")
    for table in ("taken_number", "issue_line", "issue_run", "serial_counter"):
        op.drop_table(table)
