"""Titles are revoked by two people, and know the spreadsheet that brought them in."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_KEYS = {
    "revoking_by_id": "account",
    "revoked_by_id": "account",
    "import_id": "selection_import",
}


def upgrade() -> None:
    with op.batch_alter_table("selection_holder") as batch:
        reason = sa.Column("revoking_reason", sa.String(400), server_default="", nullable=False)
        batch.add_column(reason)
        batch.add_column(sa.Column("revoking_at", sa.DateTime(timezone=True), nullable=True))
        for name in _KEYS:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
    with op.batch_alter_table("selection_holder") as batch:
        for name, table in _KEYS.items():
            batch.create_foreign_key(op.f(f"fk_selection_holder_{name}"), table, [name], ["id"])
        batch.create_check_constraint(
            op.f("ck_selection_holder_second_person"),
            "revoked_by_id IS NULL OR revoked_by_id <> revoking_by_id",
        )
        batch.create_index(op.f("ix_selection_holder_import_id"), ["import_id"])


def downgrade() -> None:
    with op.batch_alter_table("selection_holder") as batch:
        batch.drop_index(op.f("ix_selection_holder_import_id"))
        batch.drop_constraint(op.f("ck_selection_holder_second_person"), type_="check")
        for name in _KEYS:
            batch.drop_constraint(op.f(f"fk_selection_holder_{name}"), type_="foreignkey")
    with op.batch_alter_table("selection_holder") as batch:
        for name in ("revoking_reason", "revoking_at", *_KEYS):
            batch.drop_column(name)
