"""Registers of workshops and mentorships that were brought in can be undone as a whole."""

import sqlalchemy as sa
from alembic import op

from models.columns import Utc

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None
TABLES = ("workshop_import", "mentorship_import")
STATES = ("previewed", "confirmed", "discarded")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("made", sa.JSON(), nullable=False, server_default="{}"))
            batch.add_column(sa.Column("undone_at", Utc(), nullable=True))
            batch.add_column(sa.Column("reason", sa.String(400), nullable=False, server_default=""))
    _limit((*STATES, "undone"))


def downgrade() -> None:
    op.execute("UPDATE workshop_import SET state = 'discarded' WHERE state = 'undone'")
    _limit(STATES)
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            for name in ("reason", "undone_at", "made"):
                batch.drop_column(name)


def _limit(states: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("workshop_import") as batch:
        batch.drop_constraint(op.f("ck_workshop_import_state"), type_="check")
        batch.create_check_constraint(op.f("ck_workshop_import_state"), f"state IN ({listed})")
