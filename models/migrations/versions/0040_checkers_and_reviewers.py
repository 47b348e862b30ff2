"""Two roles of selections: who checks applications, and who reviews candidates."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

FORMER_ROLES = (
    "organizer",
    "chief_judge",
    "judge",
    "entry_clerk",
    "sealer",
    "hall_clerk",
    "supervisor",
    "arbitrator",
    "employer",
    "contestant",
    "bureau_staff",
    "payer",
    "approver",
    "administrator",
)
NEW_ROLES = ("selection_clerk", "reviewer")


def allow_roles(names: tuple[str, ...]) -> None:
    """Limit role grants to these roles."""
    listed = ", ".join(f"'{name}'" for name in names)
    with op.batch_alter_table("role_grant") as batch_op:
        batch_op.drop_constraint(op.f("ck_role_grant_role"), type_="check")
        batch_op.create_check_constraint(op.f("ck_role_grant_role"), f"role IN ({listed})")


def upgrade() -> None:
    allow_roles((*FORMER_ROLES, *NEW_ROLES))


def downgrade() -> None:
    op.execute("DELETE FROM role_grant WHERE role IN ('selection_clerk', 'reviewer')")
    allow_roles(FORMER_ROLES)
