"""The judge pool, declared relations, drawn panels, and who steps back from what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Utc, named
from models.contests import Event
from models.database import Base
from models.entries import Entry
from models.judging import PanelSeat, Sheet
from models.people import Employer, Person
from rules.conflicts import ConflictKind
from rules.judges import TitleGrade


class Judge(Base):
    """An account in the judge pool: what it is good for, and whether it is barred (R2.36).

    Without an employer of its own the account's counts.
    """

    __tablename__ = "judge"
    __table_args__ = (
        CheckConstraint("held_level IS NULL OR held_level BETWEEN 1 AND 5", name="held_level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    grade: Mapped[TitleGrade] = mapped_column(named(TitleGrade, "grade"), default=TitleGrade.NONE)
    held_level: Mapped[int | None]
    licence: Mapped[str] = mapped_column(String(40), default="")
    kinds: Mapped[list[str]] = mapped_column(JSON)
    occupations: Mapped[list[str]] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(String(400), default="")
    barred_until: Mapped[date | None]
    bar_reason: Mapped[str | None] = mapped_column(Encrypted("judge.bar_reason"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account] = relationship()
    employer: Mapped[Employer | None] = relationship()
    __mapper_args__ = {"version_id_col": version}


class Relation(Base):
    """What binds a judge to a person, an employer or an entry; ended, it no longer counts.

    ``name`` is what was typed; ``person_id``, ``employer_id`` or ``entry_id`` says who is meant.
    """

    __tablename__ = "relation"
    __table_args__ = (CheckConstraint("about IN ('person', 'employer', 'entry')", name="about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[ConflictKind] = mapped_column(named(ConflictKind, "kind"))
    about: Mapped[str] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(Encrypted("relation.name"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    remark: Mapped[str | None] = mapped_column(Encrypted("relation.remark"))
    declared_at: Mapped[datetime] = mapped_column(Utc)
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    declared_by: Mapped[Account | None] = relationship(foreign_keys=[declared_by_id])
    person: Mapped[Person | None] = relationship()
    employer: Mapped[Employer | None] = relationship()
    entry: Mapped[Entry | None] = relationship()


class PanelDraw(Base):
    """A draw of panels with its public seed and all that is needed to repeat it."""

    __tablename__ = "panel_draw"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    chairs: Mapped[Any] = mapped_column(JSON)
    lots: Mapped[Any] = mapped_column(JSON)
    kept: Mapped[Any] = mapped_column(JSON)
    placed: Mapped[Any] = mapped_column(JSON)
    drawn_at: Mapped[datetime] = mapped_column(Utc)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    event: Mapped[Event] = relationship()
    drawn_by: Mapped[Account | None] = relationship()


class LeftOut(Base):
    """A seat whose marks on one entry will be left out (R1.13); written before scoring opens.

    It names the entry, never its code: nobody learns from it which work is whose.
    """

    __tablename__ = "left_out"
    __table_args__ = (UniqueConstraint("seat_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[ConflictKind] = mapped_column(named(ConflictKind, "kind"))

    seat: Mapped[PanelSeat] = relationship()
    entry: Mapped[Entry] = relationship()


class Recusal(Base):
    """A judge who stepped back during the event: from one work, or from all of them (R1.13)."""

    __tablename__ = "recusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"), index=True)
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("sheet.id"), unique=True)
    reserve_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(Encrypted("recusal.reason"))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    seat: Mapped[PanelSeat] = relationship()
    sheet: Mapped[Sheet | None] = relationship()
    reserve: Mapped[Account | None] = relationship(foreign_keys=[reserve_id])
    recorded_by: Mapped[Account | None] = relationship(foreign_keys=[recorded_by_id])
