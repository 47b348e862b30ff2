"""Mentorships (师带徒): agreements of three, their signatures, months, milestones and outcomes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, EncryptedJson, Scaled, Utc, named
from models.database import Base
from models.honours import Honour
from models.levels import PersonLevel
from models.people import Employer, Person
from models.workshops import Workshop
from rules.mentorships import (
    AmendmentState,
    ClassState,
    LimitsState,
    MentorshipState,
    Outcome,
    Party,
)
from rules.states import ReturnState

_APPROVED = text("state = 'approved'")
_STANDS = text("dropped_at IS NULL")


class MentorshipRules(Base):
    """The limits of mentorships from a day on; they hold once a second person has approved them."""

    __tablename__ = "mentorship_rules"
    __table_args__ = (
        Index(
            "uq_mentorship_rules_from_on",
            "from_on",
            unique=True,
            sqlite_where=_APPROVED,
            postgresql_where=_APPROVED,
        ),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_people"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_on: Mapped[date]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[LimitsState] = mapped_column(
        named(LimitsState, "state"), default=LimitsState.PROPOSED
    )
    proposed_at: Mapped[datetime] = mapped_column(Utc)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    proposed_by: Mapped[Account | None] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])


class MentorshipClass(Base):
    """A class that several mentors teach together, one of them leading (R7.05)."""

    __tablename__ = "mentorship_class"
    __table_args__ = (UniqueConstraint("employer_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"))
    occupation: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[ClassState] = mapped_column(
        named(ClassState, "state"), default=ClassState.STANDING
    )
    opened_at: Mapped[datetime] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)

    employer: Mapped[Employer] = relationship()
    mentors: Mapped[list["ClassMentor"]] = relationship(
        back_populates="mentorship_class", order_by="ClassMentor.leads.desc(), ClassMentor.id"
    )
    __mapper_args__ = {"version_id_col": version}


class ClassMentor(Base):
    """One mentor of a class."""

    __tablename__ = "class_mentor"
    __table_args__ = (UniqueConstraint("class_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("mentorship_class.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    level: Mapped[int | None]
    leads: Mapped[bool] = mapped_column(default=False)

    mentorship_class: Mapped[MentorshipClass] = relationship(back_populates="mentors")
    person: Mapped[Person] = relationship()


class Mentorship(Base):
    """One pair of mentor and apprentice with its agreement (R7.02)."""

    __tablename__ = "mentorship"
    __table_args__ = (
        CheckConstraint("mentor_id <> apprentice_id", name="two_people"),
        CheckConstraint("ends_on >= starts_on", name="term"),
        CheckConstraint("mentor_level IS NULL OR mentor_level BETWEEN 1 AND 5", name="mentor"),
        CheckConstraint(
            "apprentice_level IS NULL OR apprentice_level BETWEEN 1 AND 5", name="apprentice"
        ),
        Index("ix_mentorship_state_dates", "state", "starts_on", "ended_on", "ends_on"),
        Index("ix_mentorship_learning", "apprentice_id", "starts_on", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    apprentice_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("mentorship_class.id"), index=True)
    occupation: Mapped[str] = mapped_column(String(60), index=True)
    skill: Mapped[str] = mapped_column(String(200))
    target: Mapped[str] = mapped_column(String(400))
    # What, until which day, to which degree.
    plan: Mapped[list[Any]] = mapped_column(JSON)
    assessment: Mapped[str] = mapped_column(String(400), default="")
    safeguards: Mapped[str] = mapped_column(String(400), default="")
    mentor_level: Mapped[int | None]
    mentor_title: Mapped[str] = mapped_column(String(60), default="")
    apprentice_level: Mapped[int | None]
    # Of the new apprenticeship (新型学徒制), which may take longer.
    new_kind: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    signed_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    objection_until: Mapped[date | None]
    state: Mapped[MentorshipState] = mapped_column(
        named(MentorshipState, "state"), default=MentorshipState.DRAFT
    )
    ended_by: Mapped[Party | None] = mapped_column(named(Party, "ended_by"))
    reason: Mapped[str | None] = mapped_column(Encrypted("mentorship.reason"))
    # Of the text that the parties sign; it changes with every word of it.
    digest: Mapped[str] = mapped_column(String(64), default="")
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("mentorship_rules.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("mentorship.id"), unique=True)
    imported: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(Utc)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    mentor: Mapped[Person] = relationship(foreign_keys=[mentor_id])
    apprentice: Mapped[Person] = relationship(foreign_keys=[apprentice_id])
    employer: Mapped[Employer] = relationship()
    workshop: Mapped[Workshop | None] = relationship()
    mentorship_class: Mapped[MentorshipClass | None] = relationship()
    successor: Mapped["Mentorship | None"] = relationship(remote_side=[id])
    rules: Mapped[MentorshipRules | None] = relationship()
    __mapper_args__ = {"version_id_col": version}


class MentorshipAmendment(Base):
    """A numbered change of a running agreement on its form, which all three sign (R7.02)."""

    __tablename__ = "mentorship_amendment"
    __table_args__ = (UniqueConstraint("mentorship_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"))
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(Encrypted("mentorship_amendment.reason"))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[AmendmentState] = mapped_column(
        named(AmendmentState, "state"), default=AmendmentState.PROPOSED
    )
    proposed_at: Mapped[datetime] = mapped_column(Utc)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)

    mentorship: Mapped[Mentorship] = relationship()


class MentorshipSignature(Base):
    """A party's signature by typed name under the agreement (amendment 0) or one amendment.

    A change of the text drops it; dropped signatures stay as history.
    """

    __tablename__ = "mentorship_signature"
    __table_args__ = (
        Index(
            "uq_mentorship_signature_stands",
            "mentorship_id",
            "amendment",
            "party",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"), index=True)
    amendment: Mapped[int] = mapped_column(default=0)
    party: Mapped[Party] = mapped_column(named(Party, "party"))
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(Utc)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(Utc)

    mentorship: Mapped[Mentorship] = relationship()
    account: Mapped[Account | None] = relationship()


class Milestone(Base):
    """A step of the plan: done once mentor and apprentice have both confirmed it."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("mentorship_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    degree: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(Encrypted("milestone.note"))
    mentor_confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    mentor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    apprentice_confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    apprentice_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # Replaced by an amendment before it was done.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)

    mentorship: Mapped[Mentorship] = relationship()


class MilestoneFile(Base):
    """Evidence for a milestone; its bytes lie encrypted outside the database."""

    __tablename__ = "milestone_file"
    __table_args__ = (
        UniqueConstraint("milestone_id", "sha256"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    title: Mapped[str] = mapped_column(Encrypted("milestone_file.title"))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    milestone: Mapped[Milestone] = relationship()


class MentorshipMonth(Base):
    """A month of teaching: it counts once mentor and apprentice have both confirmed it."""

    __tablename__ = "mentorship_month"
    __table_args__ = (UniqueConstraint("mentorship_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"))
    month: Mapped[date] = mapped_column(index=True)
    mentor_confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    mentor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    apprentice_confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    apprentice_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)

    mentorship: Mapped[Mentorship] = relationship()


class MentorshipPause(Base):
    """Days on which a pair rests."""

    __tablename__ = "mentorship_pause"
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Encrypted("mentorship_pause.reason"))

    mentorship: Mapped[Mentorship] = relationship()


class Acceptance(Base):
    """The check at the end of a term: test, level gained, contest rank; all three confirm it."""

    __tablename__ = "acceptance"
    __table_args__ = (
        CheckConstraint("level_gained IS NULL OR level_gained BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey("mentorship.id"), unique=True)
    held_on: Mapped[date]
    test_mark: Mapped[Decimal | None] = mapped_column(Scaled(2))
    level_gained: Mapped[int | None]
    contest_rank: Mapped[str] = mapped_column(String(200), default="")
    # Where the registers know both from.
    person_level_id: Mapped[int | None] = mapped_column(ForeignKey("person_level.id"))
    honour_id: Mapped[int | None] = mapped_column(ForeignKey("honour.id"))
    proposed: Mapped[Outcome] = mapped_column(named(Outcome, "proposed"))
    note: Mapped[str | None] = mapped_column(Encrypted("acceptance.note"))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    mentor_confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    mentor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    apprentice_confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    apprentice_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    employer_confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    employer_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[Outcome | None] = mapped_column(named(Outcome, "outcome"))
    decided_on: Mapped[date | None]

    mentorship: Mapped[Mentorship] = relationship()
    person_level: Mapped[PersonLevel | None] = relationship()
    honour: Mapped[Honour | None] = relationship()


class MentorshipImport(Base):
    """An old register that was uploaded: read and looked at, not counted before confirmed."""

    __tablename__ = "mentorship_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    rows: Mapped[Any] = mapped_column(EncryptedJson("mentorship_import.rows"))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[ReturnState] = mapped_column(
        named(ReturnState, "state"), default=ReturnState.PREVIEWED
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    # Ids of what it brought, by kind; emptied once it is undone.
    made: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(400), default="")
