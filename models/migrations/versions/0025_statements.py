"""Keys of statements, status lists, and what certificates have of them."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SIZE, FULL = 131_072, 98_304


def upgrade() -> None:
    op.create_table(
        "statement_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=8), nullable=False),
        sa.Column("public", sa.String(length=400), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "retired",
                "compromised",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compromised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'active') = (valid_until IS NULL)",
            name=op.f("ck_statement_key_valid_until"),
        ),
        sa.CheckConstraint(
            "(state = 'compromised') = (compromised_at IS NOT NULL)",
            name=op.f("ck_statement_key_compromised_at"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_statement_key_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_key")),
        sa.UniqueConstraint("kid", name=op.f("uq_statement_key_kid")),
    )
    with op.batch_alter_table("statement_key", schema=None) as batch_op:
        batch_op.create_index(
            "uq_statement_key_active",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
    op.create_table(
        "status_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_list")),
        sa.UniqueConstraint("number", name=op.f("uq_status_list_number")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statement", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("status_list_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("status_index", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_certificate_status_list_id"), "status_list", ["status_list_id"], ["id"]
        )
        batch_op.create_unique_constraint(
            op.f("uq_certificate_status_list_id_status_index"), ["status_list_id", "status_index"]
        )
    _place_old_ones()


def _place_old_ones() -> None:
    """Give the certificates that are there places, too, so that badges of them have a status."""
    connection = op.get_bind()
    ids = [row[0] for row in connection.execute(sa.text("SELECT id FROM certificate ORDER BY id"))]
    lists = sa.table(
        "status_list",
        sa.column("id", sa.Integer),
        sa.column("number", sa.Integer),
        sa.column("made_at", sa.DateTime(timezone=True)),
    )
    chance = secrets.SystemRandom()
    for number, start in enumerate(range(0, len(ids), FULL), start=1):
        now = datetime.now(UTC)
        connection.execute(sa.insert(lists).values(number=number, made_at=now))
        list_id = connection.scalar(sa.select(lists.c.id).where(lists.c.number == number))
        some = ids[start : start + FULL]
        places = chance.sample(range(SIZE), len(some))
        connection.execute(
            sa.text("UPDATE certificate SET status_list_id = :l, status_index = :i WHERE id = :c"),
            [{"l": list_id, "i": i, "c": c} for c, i in zip(some, places, strict=True)],
        )


def downgrade() -> None:
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_certificate_status_list_id_status_index"), type_="unique")
        batch_op.drop_constraint(op.f("fk_certificate_status_list_id"), type_="foreignkey")
        batch_op.drop_column("status_index")
        batch_op.drop_column("status_list_id")
        batch_op.drop_column("statement")
    op.drop_table("status_list")
    with op.batch_alter_table("statement_key", schema=None) as batch_op:
        batch_op.drop_index("uq_statement_key_active")
    op.drop_table("statement_key")
