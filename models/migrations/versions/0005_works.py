"""works stand between entries and judges."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATUSES = ("competed", "absent", "withdrawn", "violation")
COMPETED = STATUSES[0]


def _status() -> sa.Enum:
    return sa.Enum(*STATUSES, name="status", native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("status", _status(), nullable=False),
        sa.Column("remark", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["division.id"], name=op.f("fk_work_division_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_work_entry_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_work_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("entry_id", "stage", name=op.f("uq_work_entry_id_stage")),
        sa.UniqueConstraint("event_id", "stage", "code", name=op.f("uq_work_event_id_stage_code")),
    )
    op.create_index("ix_work_division_id", "work", ["division_id"])
    op.create_index("ix_work_event_id_status", "work", ["event_id", "status"])
    _write_works()
    _point("sheet", "work_id", "entry_id", _WORK_OF_SHEET)
    _point("spread", "work_id", "entry_id", _WORK_OF_SPREAD)
    op.drop_table("stage_status")


def downgrade() -> None:
    op.create_table(
        "stage_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("status", _status(), nullable=False),
        sa.Column("remark", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_stage_status_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_status")),
        sa.UniqueConstraint("entry_id", "stage", name=op.f("uq_stage_status_entry_id_stage")),
    )
    op.execute(
        "INSERT INTO stage_status (entry_id, stage, status, remark) "
        "SELECT entry_id, stage, status, remark FROM work "
        "WHERE status <> 'competed' AND entry_id IS NOT NULL ORDER BY id"
    )
    for table in ("sheet", "spread"):
        _point(table, "entry_id", "work_id", _ENTRY_OF.format(table=table))
    op.drop_table("work")


def _write_works() -> None:
    """Make a work for each coded entry in each stage for which it has sheets, and in the first."""
    bind = op.get_bind()
    firsts = {event_id: _first_stage(scheme) for event_id, scheme in _events(bind)}
    entries = bind.execute(
        sa.text(
            "SELECT id, event_id, division_id, code FROM entry "
            "WHERE code IS NOT NULL ORDER BY event_id, code"
        )
    ).all()
    stages: dict[int, set[str]] = {}
    for entry_id, stage in bind.execute(sa.text("SELECT DISTINCT entry_id, stage FROM sheet")):
        stages.setdefault(entry_id, set()).add(stage)
    dropped = {
        (entry_id, stage): {"status": status, "remark": remark}
        for entry_id, stage, status, remark in bind.execute(
            sa.text("SELECT entry_id, stage, status, remark FROM stage_status")
        )
    }
    rows = [
        {"event": event_id, "division": division_id, "stage": stage, "code": code}
        | {"entry": entry_id, "status": COMPETED, "remark": ""}
        | dropped.get((entry_id, stage), {})
        for entry_id, event_id, division_id, code in entries
        for stage in sorted(stages.get(entry_id, set()) | {firsts[event_id]})
    ]
    if rows:
        bind.execute(
            sa.text(
                "INSERT INTO work (event_id, division_id, stage, code, entry_id, status, remark) "
                "VALUES (:event, :division, :stage, :code, :entry, :status, :remark)"
            ),
            rows,
        )


def _events(bind: sa.Connection) -> list[Any]:
    event = sa.table("event", sa.column("id", sa.Integer), sa.column("scheme", sa.JSON))
    return list(bind.execute(sa.select(event.c.id, event.c.scheme)))


def _first_stage(scheme: dict[str, Any]) -> str:
    stages = scheme.get("stages") or [{"key": ""}]
    return str(stages[0]["key"])


_ENTRY_OF = "(SELECT entry_id FROM work WHERE work.id = {table}.work_id)"
_WORK_OF_SHEET = (
    "(SELECT id FROM work WHERE work.entry_id = sheet.entry_id AND work.stage = sheet.stage)"
)
# The sheets of the same entry and part say to which stage a spread belongs.
_WORK_OF_SPREAD = (
    "(SELECT MIN(sheet.work_id) FROM sheet JOIN panel_seat ON panel_seat.id = sheet.seat_id "
    "JOIN work ON work.id = sheet.work_id "
    "WHERE work.entry_id = spread.entry_id AND panel_seat.part = spread.part)"
)


def _point(table: str, new: str, old: str, found: str) -> None:
    """Let the rows of a table point at works instead of entries, or back."""
    target = {"work_id": "work", "entry_id": "entry"}
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(new, sa.Integer(), nullable=True))
    op.execute(f"UPDATE {table} SET {new} = {found}")  # noqa: S608 - names of this file only
    with op.batch_alter_table(table) as batch:
        batch.alter_column(new, existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f(f"fk_{table}_{new}"), target[new], [new], ["id"])
        if table == "sheet":
            batch.drop_constraint(op.f(f"uq_sheet_{old}_seat_id"), type_="unique")
            batch.create_unique_constraint(op.f(f"uq_sheet_{new}_seat_id"), [new, "seat_id"])
        else:
            batch.drop_index(op.f(f"ix_spread_{old}"))
            batch.create_index(op.f(f"ix_spread_{new}"), [new])
        batch.drop_constraint(op.f(f"fk_{table}_{old}"), type_="foreignkey")
        batch.drop_column(old)
