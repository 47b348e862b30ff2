"""Shares and honours of awards, and coaches of entries."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of shares, honours and coaches; each old award gets shares of its amount."""
    op.create_table(
        "entry_coach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_coach_entry_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_entry_coach_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_coach")),
        sa.UniqueConstraint(
            "entry_id", "person_id", name=op.f("uq_entry_coach_entry_id_person_id")
        ),
    )
    op.create_index(op.f("ix_entry_coach_person_id"), "entry_coach", ["person_id"])
    _make_shares()
    _make_honours()
    _fill()


def _make_shares() -> None:
    op.create_table(
        "award_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "member",
                "team",
                "coach",
                "employer",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(award_id IS NULL) = (contest_id IS NOT NULL)"
            " AND (award_id IS NULL) = (revision_id IS NULL)",
            name=op.f("ck_award_share_origin"),
        ),
        sa.CheckConstraint(
            "amount >= 0 AND amount <= promised", name=op.f("ck_award_share_amount")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_award_share_{name}_id")
            )
            for name in BELONGS_TO
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_share")),
    )
    for name in BELONGS_TO:
        op.create_index(op.f(f"ix_award_share_{name}_id"), "award_share", [f"{name}_id"])


BELONGS_TO = ("award", "revision", "contest", "entry", "person", "employer")


def _make_honours() -> None:
    op.create_table(
        "award_honour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("granted_by", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_award_honour_award_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_award_honour_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_honour")),
    )
    op.create_index(op.f("ix_award_honour_award_id"), "award_honour", ["award_id"])
    op.create_index(op.f("ix_award_honour_person_id"), "award_honour", ["person_id"])


AWARD = sa.table(
    "award",
    *(sa.column(name) for name in ("id", "revision_id", "entry_id", "tier_title", "amount")),
    sa.column("honours", sa.JSON()),
)
MEMBER = sa.table(
    "entry_member", *(sa.column(name) for name in ("id", "entry_id", "person_id", "position"))
)
SHARE = sa.table(
    "award_share",
    *(
        sa.column(name)
        for name in (
            "award_id",
            "revision_id",
            "entry_id",
            "kind",
            "person_id",
            "title",
            "promised",
            "amount",
            "position",
        )
    ),
)
HONOUR = sa.table(
    "award_honour",
    *(sa.column(name) for name in ("award_id", "person_id", "title", "granted_by", "reason")),
)


def _fill() -> None:
    """Give the awards of former revisions the shares and honours that they stand for."""
    bind = op.get_bind()
    members: dict[int, list[int]] = {}
    query = sa.select(MEMBER.c.entry_id, MEMBER.c.person_id)
    for entry_id, person_id in bind.execute(query.order_by(MEMBER.c.position, MEMBER.c.id)):
        members.setdefault(entry_id, []).append(person_id)
    shares, honours = [], []
    for award in bind.execute(sa.select(AWARD).order_by(AWARD.c.id)):
        people = members.get(award.entry_id, [])
        shares += _shares(award, people)
        honours += [
            {"award_id": award.id, "person_id": one, "title": t, "granted_by": "", "reason": ""}
            for one in people
            for t in award.honours
        ]
    for table, rows in ((SHARE, shares), (HONOUR, honours)):
        if rows:
            bind.execute(sa.insert(table), rows)


def _shares(award: sa.Row, people: list[int]) -> list[dict[str, object]]:
    if not people or not award.amount:
        return []
    each, rest = divmod(award.amount, len(people))
    return [
        {
            "award_id": award.id,
            "revision_id": award.revision_id,
            "entry_id": award.entry_id,
            "kind": "member",
            "person_id": person,
            "title": award.tier_title,
            "promised": each + (place <= rest),
            "amount": each + (place <= rest),
            "position": place,
        }
        for place, person in enumerate(people, start=1)
    ]


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("award_honour")
    op.drop_table("award_share")
    op.drop_table("entry_coach")
