"""Paper sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_scan_account_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_scan_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    op.create_index(op.f("ix_scan_event_id"), "scan", ["event_id"], unique=False)
    op.create_table(
        "scan_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("file_key", sa.String(length=32), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("pages_read", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_scan_file_event_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_scan_file_scan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_file")),
        sa.UniqueConstraint("event_id", "sha256", name=op.f("uq_scan_file_event_id_sha256")),
        sa.UniqueConstraint("scan_id", "position", name=op.f("uq_scan_file_scan_id_position")),
    )
    op.create_table(
        "keying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("hand", sa.Integer(), nullable=False),
        sa.Column("is_dropped", sa.Boolean(), nullable=False),
        sa.Column("keyed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hand in (1, 2)", name=op.f("ck_keying_hand")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_keying_account_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_keying_event_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_keying_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keying")),
        sa.UniqueConstraint(
            "sheet_id", "round", "account_id", name=op.f("uq_keying_sheet_id_round_account_id")
        ),
        sa.UniqueConstraint(
            "sheet_id", "round", "hand", name=op.f("uq_keying_sheet_id_round_hand")
        ),
    )
    op.create_index(op.f("ix_keying_account_id"), "keying", ["account_id"], unique=False)
    op.create_index(op.f("ix_keying_event_id"), "keying", ["event_id"], unique=False)
    op.create_table(
        "paper_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("aspect", sa.String(length=60), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("is_dropped", sa.Boolean(), nullable=False),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_paper_ruling_account_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_paper_ruling_event_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_paper_ruling_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_ruling")),
        sa.UniqueConstraint(
            "sheet_id", "round", "aspect", name=op.f("uq_paper_ruling_sheet_id_round_aspect")
        ),
    )
    op.create_index(op.f("ix_paper_ruling_event_id"), "paper_ruling", ["event_id"], unique=False)
    op.create_table(
        "scan_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "tray",
                "dropped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "problem",
            sa.Enum(
                "none",
                "unreadable",
                "foreign",
                "outdated",
                "unknown",
                "reserve",
                "duplicate",
                name="problem",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_scan_page_account_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_scan_page_event_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_scan_page_scan_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_scan_page_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_page")),
        sa.UniqueConstraint("scan_id", "number", name=op.f("uq_scan_page_scan_id_number")),
        sa.UniqueConstraint("sheet_id", "page", name=op.f("uq_scan_page_sheet_id_page")),
    )
    op.create_index(op.f("ix_scan_page_event_id"), "scan_page", ["event_id"], unique=False)
    op.create_table(
        "keyed_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("keying_id", sa.Integer(), nullable=False),
        sa.Column("aspect", sa.String(length=60), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["keying_id"], ["keying.id"], name=op.f("fk_keyed_mark_keying_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_mark")),
        sa.UniqueConstraint("keying_id", "aspect", name=op.f("uq_keyed_mark_keying_id_aspect")),
    )


def downgrade() -> None:
    op.drop_table("keyed_mark")
    op.drop_index(op.f("ix_scan_page_event_id"), table_name="scan_page")
    op.drop_table("scan_page")
    op.drop_index(op.f("ix_paper_ruling_event_id"), table_name="paper_ruling")
    op.drop_table("paper_ruling")
    op.drop_index(op.f("ix_keying_event_id"), table_name="keying")
    op.drop_index(op.f("ix_keying_account_id"), table_name="keying")
    op.drop_table("keying")
    op.drop_table("scan_file")
    op.drop_index(op.f("ix_scan_event_id"), table_name="scan")
    op.drop_table("scan")
