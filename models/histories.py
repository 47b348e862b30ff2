"""Lists of the past that were uploaded, and the editions that are known from them alone.

An edition of the past has no rules, marks or results of its own here: it is told, not scored. It
counts in figures beside the editions that were held here.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import EncryptedJson, Scaled, Utc, named
from models.database import Base
from models.levels import PersonLevel
from models.people import Employer, Person
from rules.histories import HistoryKind, HistoryState
from rules.ranking import EntryStatus

_KNOWN = text("person_id IS NOT NULL")


class HistoryImport(Base):
    """A list of the past: its cells as uploaded, its columns as chosen, its rows as read."""

    __tablename__ = "history_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[HistoryKind] = mapped_column(named(HistoryKind, "kind"))
    filename: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[HistoryState] = mapped_column(
        named(HistoryState, "state"), default=HistoryState.UPLOADED, index=True
    )
    header_row: Mapped[int]
    # The headings by their place, and for each of our columns a place or a text for all rows.
    headings: Mapped[list[Any]] = mapped_column(JSON)
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    cells: Mapped[Any] = mapped_column(EncryptedJson("history_import.cells"), deferred=True)
    rows: Mapped[Any] = mapped_column(EncryptedJson("history_import.rows"), deferred=True)
    # Who is meant in a row without an identity number, by row; 0: nobody of the register.
    decisions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # Ids of what was made, so that all of it can be undone.
    made: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict, deferred=True)
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(Utc)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Utc)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    settled_by: Mapped[Account | None] = relationship(foreign_keys=[settled_by_id])
    __mapper_args__ = {"version_id_col": version}


class HistoryEdition(Base):
    """An edition that was held before it could be held here."""

    __tablename__ = "history_edition"
    __table_args__ = (UniqueConstraint("title", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("history_import.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    year: Mapped[int] = mapped_column(index=True)
    level: Mapped[str] = mapped_column(String(20))
    organiser: Mapped[str] = mapped_column(String(200), default="")
    document: Mapped[str] = mapped_column(String(160), default="")
    held_on: Mapped[date]

    events: Mapped[list["HistoryEvent"]] = relationship(
        back_populates="edition", order_by="HistoryEvent.id"
    )


class HistoryEvent(Base):
    """An event of such an edition."""

    __tablename__ = "history_event"
    __table_args__ = (UniqueConstraint("edition_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("history_import.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("history_edition.id"))
    title: Mapped[str] = mapped_column(String(60))
    occupation: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]

    edition: Mapped[HistoryEdition] = relationship(back_populates="events")


class HistoryEntry(Base):
    """A start of a person or a team, with what became of it as the list says."""

    __tablename__ = "history_entry"
    __table_args__ = (CheckConstraint("place IS NULL OR place > 0", name="place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("history_import.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("history_event.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    division: Mapped[str] = mapped_column(String(40), default="")
    team: Mapped[str] = mapped_column(String(60), default="")
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    of_company: Mapped[bool | None]
    status: Mapped[EntryStatus] = mapped_column(named(EntryStatus, "status"))
    place: Mapped[int | None]
    mark: Mapped[Decimal | None] = mapped_column(Scaled(6))
    prize: Mapped[str] = mapped_column(String(60), default="")
    document: Mapped[str] = mapped_column(String(160), default="")

    event: Mapped[HistoryEvent] = relationship()
    employer: Mapped[Employer | None] = relationship()
    members: Mapped[list["HistoryMember"]] = relationship(
        back_populates="entry", order_by="HistoryMember.id"
    )


class HistoryMember(Base):
    """A person of such an entry; of some only the name is known."""

    __tablename__ = "history_member"
    __table_args__ = (
        Index(
            "uq_history_member_event_id_person_id",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=_KNOWN,
            postgresql_where=_KNOWN,
        ),
        CheckConstraint("level IS NULL OR level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("history_entry.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("history_event.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    # What the result gave, and the line of the register of levels that says so.
    level: Mapped[int | None]
    level_id: Mapped[int | None] = mapped_column(ForeignKey("person_level.id"), index=True)

    entry: Mapped[HistoryEntry] = relationship(back_populates="members")
    person: Mapped[Person | None] = relationship()
    person_level: Mapped[PersonLevel | None] = relationship()
