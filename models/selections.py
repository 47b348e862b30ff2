"""Craftsman selections (评选): programmes, their yearly rounds, and the rules of each (R5)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Utc, named
from models.contests import Contest
from models.database import Base
from models.people import Employer
from rules.honours import HonourLevel
from rules.selections import Channel, ProgrammeState, RoundState, Verb


class SelectionProgramme(Base):
    """A programme as it was approved: its name, paper, cycle and word are fixed (R4.34, R4.36)."""

    __tablename__ = "selection_programme"
    __table_args__ = (CheckConstraint("cycle_years >= 1", name="cycle_years"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(60), unique=True)
    verb: Mapped[Verb] = mapped_column(named(Verb, "verb"))
    level: Mapped[HonourLevel] = mapped_column(named(HonourLevel, "level"))
    organiser: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[str] = mapped_column(String(160), default="")
    cycle_years: Mapped[int] = mapped_column(default=1)
    scope: Mapped[str] = mapped_column(Text, default="")
    # At most so many people a round, by the approval (R4.35); None: no limit.
    most_people: Mapped[int | None]
    state: Mapped[ProgrammeState] = mapped_column(
        named(ProgrammeState, "state"), default=ProgrammeState.ACTIVE
    )
    created_at: Mapped[datetime] = mapped_column(Utc)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    rounds: Mapped[list["SelectionRound"]] = relationship(
        back_populates="programme", order_by="SelectionRound.year.desc()"
    )
    __mapper_args__ = {"version_id_col": version}


class SelectionRound(Base):
    """One round of a programme; its rules are a draft until it is published.

    ``contest_id`` is the edition that carries its result through notice, money and certificates;
    there is none before the first proposal.
    """

    __tablename__ = "selection_round"
    __table_args__ = (
        UniqueConstraint("programme_id", "year", "title"),
        CheckConstraint("opens_at < closes_at", name="dates"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published"),
        CheckConstraint(
            "published_by_id IS NULL OR published_by_id <> written_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("selection_programme.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[RoundState] = mapped_column(
        named(RoundState, "state"), default=RoundState.DRAFT, index=True
    )
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    # As in the rules, where the database can search them.
    opens_at: Mapped[datetime] = mapped_column(Utc)
    closes_at: Mapped[datetime] = mapped_column(Utc, index=True)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("selection_round.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), unique=True)
    written_at: Mapped[datetime] = mapped_column(Utc)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(Utc)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    decision_document: Mapped[str] = mapped_column(String(160), default="")
    reason: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[SelectionProgramme] = relationship(back_populates="rounds")
    contest: Mapped[Contest | None] = relationship()
    amendments: Mapped[list["SelectionAmendment"]] = relationship(
        back_populates="round", order_by="SelectionAmendment.number"
    )
    __mapper_args__ = {"version_id_col": version}


class SelectionAmendment(Base):
    """The rules of a round as published (number 0), and each amendment after that."""

    __tablename__ = "selection_amendment"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    number: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(400), default="")
    made_at: Mapped[datetime] = mapped_column(Utc)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    round: Mapped[SelectionRound] = relationship(back_populates="amendments")


class SelectionChange(Base):
    """An amendment that waits for a second person: the rules as they would be, and why."""

    __tablename__ = "selection_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"), unique=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(400), default="")
    written_at: Mapped[datetime] = mapped_column(Utc)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class SelectionQuota(Base):
    """How many a unit, association or district may recommend in a round (R5.06)."""

    __tablename__ = "selection_quota"
    __table_args__ = (
        CheckConstraint("places >= 0", name="places"),
        CheckConstraint(
            "(employer_id IS NOT NULL) <> (association <> '' OR district <> '')", name="body"
        ),
        UniqueConstraint("round_id", "employer_id"),
        Index(
            "uq_selection_quota_association",
            "round_id",
            "association",
            "district",
            unique=True,
            sqlite_where=text("employer_id IS NULL"),
            postgresql_where=text("employer_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    channel: Mapped[Channel] = mapped_column(named(Channel, "channel"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    association: Mapped[str] = mapped_column(String(120), default="")
    district: Mapped[str] = mapped_column(String(40), default="")
    places: Mapped[int]

    employer: Mapped[Employer | None] = relationship()


class SelectionClerk(Base):
    """An account that takes steps of a round's checks for a body: a district, union, association.

    Staff of the bureau and employers need none: the first take every step that is the bureau's
    own, the second those of their own unit.
    """

    __tablename__ = "selection_clerk"
    __table_args__ = (UniqueConstraint("round_id", "account_id", "step", "district"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    step: Mapped[str] = mapped_column(String(40))
    # Whose candidates; empty: of all districts or associations.
    district: Mapped[str] = mapped_column(String(40), default="")

    account: Mapped[Account] = relationship()
