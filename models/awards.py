"""Awards and skill-level grants that follow from a revision."""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Scaled, named
from models.database import Base
from models.entries import Entry
from models.people import Employer, Person
from models.results import Revision
from rules.award_shares import ShareKind


class Award(Base):
    """The tier, prize and honours of one entry in one revision."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("revision_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    tier: Mapped[str] = mapped_column(String(40))
    tier_title: Mapped[str] = mapped_column(String(60))
    tier_order: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Scaled(2))
    honours: Mapped[list[Any]] = mapped_column(JSON)
    shared: Mapped[bool] = mapped_column(default=False)

    revision: Mapped[Revision] = relationship()
    entry: Mapped[Entry] = relationship()


class AwardShare(Base):
    """What one beneficiary of an award is paid: a member, a team, a coach, or an employer.

    `promised` is what the plan gives, `amount` what is left of it once one prize a person counts;
    `reason` says why that is less. Prizes of employers belong to a contest and to no award.
    """

    __tablename__ = "award_share"
    __table_args__ = (
        CheckConstraint(
            "(award_id IS NULL) = (contest_id IS NOT NULL)"
            " AND (award_id IS NULL) = (revision_id IS NULL)",
            name="origin",
        ),
        CheckConstraint("amount >= 0 AND amount <= promised", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[ShareKind] = mapped_column(named(ShareKind, "kind"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    promised: Mapped[Decimal] = mapped_column(Scaled(2))
    amount: Mapped[Decimal] = mapped_column(Scaled(2))
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    position: Mapped[int] = mapped_column(default=1)

    award: Mapped[Award | None] = relationship()
    revision: Mapped[Revision | None] = relationship()
    entry: Mapped[Entry | None] = relationship()
    person: Mapped[Person | None] = relationship()
    employer: Mapped[Employer | None] = relationship()


class AwardHonour(Base):
    """One honour of one person that goes with an award, and which conditions were met."""

    __tablename__ = "award_honour"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    granted_by: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")

    award: Mapped[Award] = relationship()
    person: Mapped[Person] = relationship()


class LevelGrant(Base):
    """A level a person earns in a revision: a recommendation to the assessment body (R4.15)."""

    __tablename__ = "level_grant"
    __table_args__ = (
        UniqueConstraint("revision_id", "person_id"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    level: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))

    revision: Mapped[Revision] = relationship()
    entry: Mapped[Entry] = relationship()
    person: Mapped[Person] = relationship()
