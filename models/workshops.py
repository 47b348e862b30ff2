"""Master workshops (技能大师工作室): the register, its terms, grants, reports and assessments."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import EncryptedJson, Scaled, Utc, named
from models.database import Base
from models.people import Employer, Person
from rules.states import ReturnState
from rules.workshops import (
    AssessmentState,
    ChangeKind,
    ChangeState,
    ClosedFor,
    Grade,
    GradeRoundState,
    GrantKind,
    GrantState,
    HostKind,
    MasterRole,
    PolicyState,
    ReportState,
    Spending,
    TermState,
    WorkshopLevel,
    WorkshopNaming,
    WorkshopState,
)


class WorkshopPolicy(Base):
    """Rules for workshops from a day on, approved by a second person; never changed afterwards."""

    __tablename__ = "workshop_policy"
    __table_args__ = (
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> written_by_id", name="second_person"
        ),
        Index(
            "uq_workshop_policy_starts_on",
            "starts_on",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    document: Mapped[str] = mapped_column(String(160), default="")
    starts_on: Mapped[date]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[PolicyState] = mapped_column(
        named(PolicyState, "state"), default=PolicyState.DRAFT
    )
    written_at: Mapped[datetime] = mapped_column(Utc)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Workshop(Base):
    """A workshop in the register; closed ones stay.

    ``recognised_by`` names the body apart from its level: a county-level city recognises its own,
    and the city above it recognises others in the same place.
    """

    __tablename__ = "workshop"
    __table_args__ = (
        CheckConstraint("closed_on IS NULL OR closed_on >= founded_on", name="dates"),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed"),
        CheckConstraint("taught_before >= 0", name="taught_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120), unique=True)
    level: Mapped[WorkshopLevel] = mapped_column(named(WorkshopLevel, "level"), index=True)
    recognised_by: Mapped[str] = mapped_column(String(80), default="", index=True)
    naming: Mapped[WorkshopNaming] = mapped_column(named(WorkshopNaming, "naming"))
    state: Mapped[WorkshopState] = mapped_column(
        named(WorkshopState, "state"), default=WorkshopState.STANDING, index=True
    )
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    host_kind: Mapped[HostKind] = mapped_column(named(HostKind, "host_kind"))
    district: Mapped[str] = mapped_column(String(40), default="", index=True)
    occupation: Mapped[str] = mapped_column(String(60), index=True)
    cluster: Mapped[str] = mapped_column(String(60), default="")
    plaque_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    founded_on: Mapped[date]
    closed_on: Mapped[date | None]
    closed_for: Mapped[ClosedFor | None] = mapped_column(named(ClosedFor, "closed_for"))
    closed_reason: Mapped[str] = mapped_column(String(400), default="")
    # Whoever passed comes before others when the level above is recommended (R6.06).
    preferred: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Person-times taught before the register began to count by itself (R7.12).
    taught_before: Mapped[int] = mapped_column(default=0)
    about: Mapped[str] = mapped_column(Text, default="")
    imported: Mapped[bool] = mapped_column(default=False, server_default=false())
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)

    leader: Mapped[Person] = relationship()
    employer: Mapped[Employer] = relationship()
    masters: Mapped[list["WorkshopMaster"]] = relationship(
        back_populates="workshop", order_by="WorkshopMaster.id"
    )
    terms: Mapped[list["WorkshopTerm"]] = relationship(
        back_populates="workshop", order_by="WorkshopTerm.number"
    )
    __mapper_args__ = {"version_id_col": version}


class WorkshopMaster(Base):
    """A master of a workshop from a day on; the leader is one of them."""

    __tablename__ = "workshop_master"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="dates"),
        Index(
            "uq_workshop_master_present",
            "workshop_id",
            "person_id",
            unique=True,
            sqlite_where=text("to_on IS NULL"),
            postgresql_where=text("to_on IS NULL"),
        ),
        Index(
            "uq_workshop_master_leader",
            "workshop_id",
            unique=True,
            sqlite_where=text("to_on IS NULL AND role = 'leader'"),
            postgresql_where=text("to_on IS NULL AND role = 'leader'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[MasterRole] = mapped_column(named(MasterRole, "role"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(400), default="")

    workshop: Mapped[Workshop] = relationship(back_populates="masters")
    person: Mapped[Person] = relationship()


class WorkshopTerm(Base):
    """A term of a workshop at one level, under the rules of its first day."""

    __tablename__ = "workshop_term"
    __table_args__ = (
        UniqueConstraint("workshop_id", "number"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        Index(
            "uq_workshop_term_running",
            "workshop_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    level: Mapped[WorkshopLevel] = mapped_column(named(WorkshopLevel, "level"))
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)
    # The day on which it really ended, where that was before the last one.
    ended_on: Mapped[date | None]
    state: Mapped[TermState] = mapped_column(
        named(TermState, "state"), default=TermState.RUNNING, index=True
    )
    policy_id: Mapped[int] = mapped_column(ForeignKey("workshop_policy.id"), index=True)

    workshop: Mapped[Workshop] = relationship(back_populates="terms")
    policy: Mapped[WorkshopPolicy] = relationship()
    grants: Mapped[list["WorkshopGrant"]] = relationship(
        back_populates="term", order_by="WorkshopGrant.id"
    )


class WorkshopGrant(Base):
    """Money that a term gives a right to; it is paid to the host through a payment order."""

    __tablename__ = "workshop_grant"
    __table_args__ = (
        UniqueConstraint("term_id", "kind", "year"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("workshop_term.id"), index=True)
    kind: Mapped[GrantKind] = mapped_column(named(GrantKind, "kind"))
    year: Mapped[int] = mapped_column(index=True)
    amount: Mapped[Decimal] = mapped_column(Scaled(2))
    due_on: Mapped[date]
    state: Mapped[GrantState] = mapped_column(
        named(GrantState, "state"), default=GrantState.DUE, index=True
    )
    # Which line of the rules gave it, in words.
    basis: Mapped[str] = mapped_column(String(400), default="")
    paid_on: Mapped[date | None]

    term: Mapped[WorkshopTerm] = relationship(back_populates="grants")


class WorkshopReport(Base):
    """The yearly report of a workshop (R6.06)."""

    __tablename__ = "workshop_report"
    __table_args__ = (
        UniqueConstraint("workshop_id", "year"),
        CheckConstraint(
            "apprentices >= 0 AND highly_skilled >= 0 AND trained >= 0 AND patents >= 0"
            " AND exchanges >= 0 AND breakthroughs >= 0",
            name="counts",
        ),
        CheckConstraint("highly_skilled <= trained", name="highly_skilled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("workshop_term.id"), index=True)
    year: Mapped[int] = mapped_column(index=True)
    state: Mapped[ReportState] = mapped_column(
        named(ReportState, "state"), default=ReportState.DRAFT, index=True
    )
    apprentices: Mapped[int] = mapped_column(default=0)
    trained: Mapped[int] = mapped_column(default=0)
    highly_skilled: Mapped[int] = mapped_column(default=0)
    breakthroughs: Mapped[int] = mapped_column(default=0)
    patents: Mapped[int] = mapped_column(default=0)
    exchanges: Mapped[int] = mapped_column(default=0)
    activities: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    next_plan: Mapped[str] = mapped_column(Text, default="")
    own_grade: Mapped[Grade | None] = mapped_column(named(Grade, "own_grade"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Utc)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    workshop: Mapped[Workshop] = relationship()
    term: Mapped[WorkshopTerm] = relationship()
    spendings: Mapped[list["WorkshopSpending"]] = relationship(
        back_populates="report", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}


class WorkshopSpending(Base):
    """Money that a workshop spent in the year of a report, by what it was for (R6.10)."""

    __tablename__ = "workshop_spending"
    __table_args__ = (
        UniqueConstraint("report_id", "category"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("workshop_report.id"))
    category: Mapped[Spending] = mapped_column(named(Spending, "category"))
    amount: Mapped[Decimal] = mapped_column(Scaled(2))
    note: Mapped[str] = mapped_column(String(200), default="")

    report: Mapped[WorkshopReport] = relationship(back_populates="spendings")


class WorkshopGradeRound(Base):
    """The grades of a year among the workshops of one level (R6.07)."""

    __tablename__ = "workshop_grade_round"
    __table_args__ = (
        UniqueConstraint("year", "level"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    level: Mapped[WorkshopLevel] = mapped_column(named(WorkshopLevel, "level"))
    state: Mapped[GradeRoundState] = mapped_column(
        named(GradeRoundState, "state"), default=GradeRoundState.OPEN
    )
    policy_id: Mapped[int] = mapped_column(ForeignKey("workshop_policy.id"))
    experts: Mapped[str] = mapped_column(String(400), default="")
    proposed_at: Mapped[datetime | None] = mapped_column(Utc)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    policy: Mapped[WorkshopPolicy] = relationship()
    grades: Mapped[list["WorkshopGrade"]] = relationship(
        back_populates="round", order_by="WorkshopGrade.id"
    )
    __mapper_args__ = {"version_id_col": version}


class WorkshopGrade(Base):
    """The grade of a workshop in a round; empty until it is entered."""

    __tablename__ = "workshop_grade"
    __table_args__ = (UniqueConstraint("round_id", "workshop_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("workshop_grade_round.id"))
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    grade: Mapped[Grade | None] = mapped_column(named(Grade, "grade"))
    reason: Mapped[str] = mapped_column(String(400), default="")

    round: Mapped[WorkshopGradeRound] = relationship(back_populates="grades")
    workshop: Mapped[Workshop] = relationship()


class WorkshopAssessment(Base):
    """The assessment at the end of a term: what was found, what it took off, and the outcome."""

    __tablename__ = "workshop_assessment"
    __table_args__ = (
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> filled_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("workshop_term.id"), unique=True)
    state: Mapped[AssessmentState] = mapped_column(
        named(AssessmentState, "state"), default=AssessmentState.FILLED
    )
    held_on: Mapped[date]
    experts: Mapped[str] = mapped_column(String(400), default="")
    # The sheet as it was, what was found by its lines, and the lines with their reasons.
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)
    found: Mapped[dict[str, Any]] = mapped_column(JSON)
    lines: Mapped[list[Any]] = mapped_column(JSON)
    total: Mapped[Decimal] = mapped_column(Scaled(2))
    passed: Mapped[bool]
    note: Mapped[str] = mapped_column(String(400), default="")
    filled_at: Mapped[datetime] = mapped_column(Utc)
    filled_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    term: Mapped[WorkshopTerm] = relationship()
    __mapper_args__ = {"version_id_col": version}


class WorkshopBar(Base):
    """A bar on new applications after a failed assessment, up to and with its last day (R6.06)."""

    __tablename__ = "workshop_bar"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(400), default="")

    workshop: Mapped[Workshop] = relationship()


class WorkshopChange(Base):
    """What happened to a leader, and who follows; with nobody the workshop is closed (R6.12)."""

    __tablename__ = "workshop_change"
    __table_args__ = (
        CheckConstraint(
            "settled_by_id IS NULL OR settled_by_id <> proposed_by_id", name="second_person"
        ),
        Index(
            "uq_workshop_change_open",
            "workshop_id",
            unique=True,
            sqlite_where=text("state IN ('reported', 'proposed')"),
            postgresql_where=text("state IN ('reported', 'proposed')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(named(ChangeKind, "kind"))
    happened_on: Mapped[date]
    due_on: Mapped[date]
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[ChangeState] = mapped_column(
        named(ChangeState, "state"), default=ChangeState.REPORTED, index=True
    )
    reported_at: Mapped[datetime] = mapped_column(Utc)
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_on: Mapped[date | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    workshop: Mapped[Workshop] = relationship()
    leader: Mapped[Person] = relationship(foreign_keys=[leader_id])
    successor: Mapped[Person | None] = relationship(foreign_keys=[successor_id])


class WorkshopImport(Base):
    """A spreadsheet of existing workshops: read, and not counted before it is confirmed."""

    __tablename__ = "workshop_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    rows: Mapped[Any] = mapped_column(EncryptedJson("workshop_import.rows"))
    state: Mapped[ReturnState] = mapped_column(
        named(ReturnState, "state"), default=ReturnState.PREVIEWED
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    # Ids of what it brought, by kind; emptied once it is undone.
    made: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(400), default="")

    account: Mapped[Account] = relationship()
