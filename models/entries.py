"""Entries, their members, and spreadsheets of entries that wait for confirmation."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import EncryptedJson, Utc, named
from models.contests import Contest, Division, Event
from models.database import Base
from models.people import Employer, Person
from rules.ranking import EntryStatus
from rules.states import EntryState, ImportState


class Entry(Base):
    """One start in one event: a single person, a pair or a team."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("event_id", "code"),
        Index("ix_entry_event_id_state", "event_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    number: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[EntryState] = mapped_column(named(EntryState, "state"))
    remark: Mapped[str] = mapped_column(String(400), default="")
    in_competition: Mapped[bool] = mapped_column(default=True)
    code: Mapped[str | None] = mapped_column(String(12))
    status: Mapped[EntryStatus] = mapped_column(
        named(EntryStatus, "status"), default=EntryStatus.COMPETED
    )
    submitted_at: Mapped[datetime] = mapped_column(Utc)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()
    division: Mapped[Division] = relationship()
    employer: Mapped[Employer | None] = relationship()
    members: Mapped[list["EntryMember"]] = relationship(
        back_populates="entry", order_by="EntryMember.position", cascade="all, delete-orphan"
    )
    coaches: Mapped[list["EntryCoach"]] = relationship(
        back_populates="entry", order_by="EntryCoach.position", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}


class EntryMember(Base):
    """A person in an entry; nobody starts twice in one event.

    Who withdrew or was rejected leaves the place free: the row stays, but is not active.
    """

    __tablename__ = "entry_member"
    __table_args__ = (
        Index(
            "uq_entry_member_event_id_person_id",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)

    entry: Mapped[Entry] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()


class EntryCoach(Base):
    """A person who trained an entry, and shares in what its award gives to coaches (R4.21)."""

    __tablename__ = "entry_coach"
    __table_args__ = (UniqueConstraint("entry_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)

    entry: Mapped[Entry] = relationship(back_populates="coaches")
    person: Mapped[Person] = relationship()


class ImportBatch(Base):
    """A read spreadsheet: nothing of it counts until somebody confirms it."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    filename: Mapped[str] = mapped_column(String(200))
    rows: Mapped[Any] = mapped_column(EncryptedJson("import_batch.rows"))
    row_count: Mapped[int]
    problem_count: Mapped[int]
    state: Mapped[ImportState] = mapped_column(
        named(ImportState, "state"), default=ImportState.PREVIEWED
    )
    created_at: Mapped[datetime] = mapped_column(Utc)

    contest: Mapped[Contest] = relationship()
