"""Districts as tiles of a map."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "district_tile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("tile_column", sa.Integer(), nullable=False),
        sa.Column("tile_row", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "tile_column >= 1 AND tile_row >= 1", name=op.f("ck_district_tile_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_tile")),
        sa.UniqueConstraint(
            "tile_column", "tile_row", name=op.f("uq_district_tile_tile_column_tile_row")
        ),
        sa.UniqueConstraint("title", name=op.f("uq_district_tile_title")),
    )


def downgrade() -> None:
    op.drop_table("district_tile")
