"""Awards and skill-level grants that follow from a revision."""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Scaled
from models.database import Base
from models.entries import Entry
from models.people import Person
from models.results import Revision


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
