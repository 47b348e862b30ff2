"""Stipends of mentors: scales with their dates, runs with their lines, totals by payee."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Scaled, Utc, named
from models.database import Base
from models.mentorships import Mentorship
from models.payouts import PayoutSeries
from models.people import Employer, Person
from rules.stipend_scales import SubsidyKind
from rules.stipends import Cause, LineKind, RunState, ScaleState

_APPROVED = text("state = 'approved'")
_OPEN = text("state IN ('draft', 'checked', 'approved')")


class StipendScale(Base):
    """A scale of a series from a day on; it is valid once a second person has approved it.

    The series says whose money it is: the city's, or the fund of one company.
    """

    __tablename__ = "stipend_scale"
    __table_args__ = (
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> drafted_by_id", name="two_people"
        ),
        Index(
            "uq_stipend_scale_starts_on",
            "series_id",
            "starts_on",
            unique=True,
            sqlite_where=_APPROVED,
            postgresql_where=_APPROVED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("payout_series.id"))
    title: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    # The paper that introduced it.
    basis: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[ScaleState] = mapped_column(named(ScaleState, "state"), default=ScaleState.DRAFT)
    drafted_at: Mapped[datetime] = mapped_column(Utc)
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    series: Mapped[PayoutSeries] = relationship()
    drafted_by: Mapped[Account | None] = relationship(foreign_keys=[drafted_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
    __mapper_args__ = {"version_id_col": version}


class StipendRun(Base):
    """A settlement of all events up to a day: drafted, checked, approved, ordered by four hands."""

    __tablename__ = "stipend_run"
    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> prepared_by_id", name="check"),
        CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> prepared_by_id"
            " AND approved_by_id <> checked_by_id)",
            name="approval",
        ),
        # One run of a payer at a time: the next one builds on what this one settles.
        Index(
            "uq_stipend_run_open",
            "series_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("payout_series.id"))
    number: Mapped[int]
    # The day after the last run's end, or None for the first run.
    from_on: Mapped[date | None]
    until: Mapped[date]
    state: Mapped[RunState] = mapped_column(named(RunState, "state"), default=RunState.DRAFT)
    note: Mapped[str] = mapped_column(String(400), default="")
    # Of scales, evidence and what was settled before; and of the lines that came of it.
    inputs_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    prepared_at: Mapped[datetime] = mapped_column(Utc)
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Utc)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ordered_at: Mapped[datetime | None] = mapped_column(Utc)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    series: Mapped[PayoutSeries] = relationship()
    lines: Mapped[list["StipendLine"]] = relationship(back_populates="run")
    __mapper_args__ = {"version_id_col": version}


class StipendLine(Base):
    """One line of a run with its items and the words that explain it; it never changes."""

    __tablename__ = "stipend_line"
    __table_args__ = (Index("ix_stipend_line_run_id_mentor_id", "run_id", "mentor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("stipend_run.id"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"), index=True)
    # Set where the money goes to the employer (R7.10), not to the mentor.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    kind: Mapped[LineKind] = mapped_column(named(LineKind, "kind"))
    year: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Scaled(2))
    cause: Mapped[Cause] = mapped_column(named(Cause, "cause"))
    # Pairs of item and amount: what later runs count as settled.
    items: Mapped[list[Any]] = mapped_column(JSON)
    # Pairs of text and values.
    explanation: Mapped[list[Any]] = mapped_column(JSON)

    run: Mapped[StipendRun] = relationship(back_populates="lines")
    mentor: Mapped[Person] = relationship()
    mentorship: Mapped[Mentorship] = relationship()
    employer: Mapped[Employer | None] = relationship()


class StipendTotal(Base):
    """What an ordered run comes to for one payee, and where a total below nothing goes."""

    __tablename__ = "stipend_total"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (employer_id IS NULL)", name="payee"),
        CheckConstraint("total + brought = due - recovered + carried", name="sums"),
        CheckConstraint(
            "brought <= 0 AND carried <= 0 AND due >= 0 AND recovered >= 0", name="signs"
        ),
        UniqueConstraint("run_id", "person_id"),
        UniqueConstraint("run_id", "employer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("stipend_run.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    total: Mapped[Decimal] = mapped_column(Scaled(2))
    # What earlier runs left to be offset, what is paid, what comes back, what is left to the next.
    brought: Mapped[Decimal] = mapped_column(Scaled(2), default=Decimal(0))
    due: Mapped[Decimal] = mapped_column(Scaled(2), default=Decimal(0))
    recovered: Mapped[Decimal] = mapped_column(Scaled(2), default=Decimal(0))
    carried: Mapped[Decimal] = mapped_column(Scaled(2), default=Decimal(0))

    run: Mapped[StipendRun] = relationship()
    person: Mapped[Person | None] = relationship()
    employer: Mapped[Employer | None] = relationship()


class StipendCase(Base):
    """What is left to the mentor of a pair that was broken off, decided by two people (R7.03)."""

    __tablename__ = "stipend_case"
    __table_args__ = (
        CheckConstraint("kept BETWEEN 0 AND 10000", name="kept"),
        CheckConstraint("agreed_by_id IS NULL OR agreed_by_id <> decided_by_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"), unique=True)
    # The part of what was earned, from 0 to 1.
    kept: Mapped[Decimal] = mapped_column(Scaled(4))
    reason: Mapped[str] = mapped_column(Encrypted("stipend_case.reason"))
    decided_at: Mapped[datetime] = mapped_column(Utc)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(Utc)
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    mentorship: Mapped[Mentorship] = relationship()


class OtherTraining(Base):
    """A training of a person that another programme subsidised (R7.09)."""

    __tablename__ = "other_training"
    __table_args__ = (UniqueConstraint("person_id", "kind", "occupation", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[SubsidyKind] = mapped_column(named(SubsidyKind, "kind"))
    occupation: Mapped[str] = mapped_column(String(60))
    level: Mapped[int | None]
    held_on: Mapped[date] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)

    person: Mapped[Person] = relationship()
