"""Accounts, the roles granted to them, and one-time activation links."""

from datetime import datetime

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Encrypted, Utc, named
from models.database import Base
from models.people import Employer, Person
from rules.access import Grant, Holder, Role


class RoleGrant(Base):
    """One role of one account, for everything, one contest, or one event."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "contest_id", "event_id"),
        CheckConstraint("event_id IS NULL OR contest_id IS NOT NULL", name="scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(named(Role, "role"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))


class Account(Base, UserMixin):
    """Somebody who can sign in."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("username = lower(username)", name="username_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        Encrypted("account.email")
    )
    phone: Mapped[str | None] = mapped_column(Encrypted("account.phone"))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=False)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Utc)
    signed_in_at: Mapped[datetime | None] = mapped_column(Utc)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(Utc)

    grants: Mapped[list[RoleGrant]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=RoleGrant.id
    )
    employer: Mapped[Employer | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """Tell the sign-in library of no roles: ours have a scope and live in the access table."""
        return []

    def holder(self) -> Holder:
        """Return what the access table needs to know of this account."""
        grants = (Grant(g.role, g.contest_id, g.event_id) for g in self.grants)
        return Holder(self.id, tuple(grants), self.employer_id, self.person_id)


class Invitation(Base):
    """A one-time link that lets the owner of an account choose a password."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc)

    account: Mapped[Account] = relationship()
