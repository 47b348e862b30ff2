"""The register of honours: every prize and title of a person, across programmes and years."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.awards import Award
from models.columns import Utc, named
from models.contests import Event
from models.database import Base
from models.people import Person
from rules.honours import HonourKind, HonourLevel, HonourSource, HonourVia
from rules.states import HonourState

_STANDS = text("entry_id IS NOT NULL AND state IN ('standing', 'revoked')")


class Honour(Base):
    """One honour of one person, with its source; never deleted, only revoked or superseded.

    An entry gives a person each honour once, whatever the number of revisions (the one that stands
    or was revoked; superseded rows stay beside it).
    """

    __tablename__ = "honour"
    __table_args__ = (
        Index(
            "uq_honour_entry",
            "entry_id",
            "person_id",
            "title",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        CheckConstraint("(source = 'award') = (award_id IS NOT NULL)", name="source_award"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[HonourKind] = mapped_column(named(HonourKind, "kind"))
    level: Mapped[HonourLevel] = mapped_column(named(HonourLevel, "level"))
    granted_by: Mapped[str] = mapped_column(String(200), default="")
    granted_on: Mapped[date]
    programme: Mapped[str] = mapped_column(String(160))
    year: Mapped[int] = mapped_column(index=True)
    via: Mapped[HonourVia] = mapped_column(named(HonourVia, "via"))
    source: Mapped[HonourSource] = mapped_column(named(HonourSource, "source"))
    document: Mapped[str] = mapped_column(String(160), default="")
    employer: Mapped[str] = mapped_column(String(120), default="")
    of_company: Mapped[bool | None]
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    state: Mapped[HonourState] = mapped_column(named(HonourState, "state"), index=True)
    reason: Mapped[str] = mapped_column(String(400), default="")
    changed_at: Mapped[datetime | None] = mapped_column(Utc)
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    person: Mapped[Person] = relationship()
    award: Mapped[Award | None] = relationship()
    event: Mapped[Event | None] = relationship()
    recorded_by: Mapped[Account | None] = relationship(foreign_keys=[recorded_by_id])
