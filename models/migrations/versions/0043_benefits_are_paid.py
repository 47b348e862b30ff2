"""Allowances of title holders are paid through a payment series."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_FORMER = "kind IN ('stipends', 'grants')"
_PRESENT = "kind IN ('stipends', 'grants', 'benefits')"


def _allow(condition: str) -> None:
    with op.batch_alter_table("payout_series") as batch:
        batch.drop_constraint(op.f("ck_payout_series_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_payout_series_kind"), condition)


def upgrade() -> None:
    _allow(_PRESENT)


def downgrade() -> None:
    _allow(_FORMER)
