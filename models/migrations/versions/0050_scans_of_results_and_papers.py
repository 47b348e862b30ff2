"""A result has the scan of the organiser's paper, a paper of the delegation its own."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None
COLUMNS = (("provincial_result", "proof_id"), ("provincial_paper", "file_id"))


def upgrade() -> None:
    for table, name in COLUMNS:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch.create_foreign_key(f"fk_{table}_{name}", "provincial_file", [name], ["id"])
            batch.create_index(f"ix_{table}_{name}", [name])


def downgrade() -> None:
    for table, name in COLUMNS:
        with op.batch_alter_table(table) as batch:
            batch.drop_index(f"ix_{table}_{name}")
            batch.drop_constraint(f"fk_{table}_{name}", type_="foreignkey")
            batch.drop_column(name)
