"""Titles in their term: yearly reports and benefits of those who were chosen (R5.17)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Encrypted, Scaled, Utc, named
from models.database import Base
from models.honours import Honour
from models.people import Person
from models.selections import SelectionProgramme, SelectionRound
from rules.selections import BenefitKind, BenefitState, HolderReportState, HolderState


class SelectionHolder(Base):
    """Somebody who bears a title of a programme, from a day on; one row for each honour."""

    __tablename__ = "selection_holder"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        CheckConstraint("(state = 'running') = (ended_on IS NULL)", name="ended"),
        CheckConstraint(
            "revoked_by_id IS NULL OR revoked_by_id <> revoking_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("selection_programme.id"), index=True)
    # None: imported from years before.
    round_id: Mapped[int | None] = mapped_column(ForeignKey("selection_round.id"), index=True)
    honour_id: Mapped[int] = mapped_column(ForeignKey("honour.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    tier: Mapped[str] = mapped_column(String(40))
    year: Mapped[int] = mapped_column(index=True)
    starts_on: Mapped[date]
    # None: for life.
    ends_on: Mapped[date | None] = mapped_column(index=True)
    ended_on: Mapped[date | None]
    state: Mapped[HolderState] = mapped_column(
        named(HolderState, "state"), default=HolderState.RUNNING, index=True
    )
    reason: Mapped[str] = mapped_column(String(400), default="")
    # After a revocation: until when nothing of this programme can be applied for.
    barred_until: Mapped[date | None]
    # Somebody proposes that it is taken back, somebody else agrees.
    revoking_reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    revoking_at: Mapped[datetime | None] = mapped_column(Utc)
    revoking_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("selection_import.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    programme: Mapped[SelectionProgramme] = relationship()
    round: Mapped[SelectionRound | None] = relationship()
    honour: Mapped[Honour] = relationship()
    person: Mapped[Person] = relationship()
    __mapper_args__ = {"version_id_col": version}


class SelectionReport(Base):
    """What a holder did in a year, with figures for apprentices, projects and results."""

    __tablename__ = "selection_report"
    __table_args__ = (
        UniqueConstraint("holder_id", "year"),
        CheckConstraint("apprentices >= 0 AND projects >= 0 AND patents >= 0", name="counts"),
        CheckConstraint(
            "accepted_by_id IS NULL OR accepted_by_id <> submitted_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("selection_holder.id"))
    year: Mapped[int] = mapped_column(index=True)
    state: Mapped[HolderReportState] = mapped_column(
        named(HolderReportState, "state"), default=HolderReportState.DRAFT, index=True
    )
    apprentices: Mapped[int] = mapped_column(default=0)
    projects: Mapped[int] = mapped_column(default=0)
    patents: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Encrypted("selection_report.text"), default="")
    reason: Mapped[str] = mapped_column(String(400), default="")
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Utc)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    holder: Mapped[SelectionHolder] = relationship()
    __mapper_args__ = {"version_id_col": version}


class SelectionBenefit(Base):
    """A benefit of a holder in a year; money is paid through a payment series."""

    __tablename__ = "selection_benefit"
    __table_args__ = (
        UniqueConstraint("holder_id", "key", "year"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
        CheckConstraint("kind = 'allowance' OR state <> 'ordered'", name="ordered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("selection_holder.id"))
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(60))
    kind: Mapped[BenefitKind] = mapped_column(named(BenefitKind, "kind"))
    year: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    amount: Mapped[Decimal | None] = mapped_column(Scaled(2))
    state: Mapped[BenefitState] = mapped_column(
        named(BenefitState, "state"), default=BenefitState.DUE, index=True
    )
    given_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(400), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    holder: Mapped[SelectionHolder] = relationship()
    __mapper_args__ = {"version_id_col": version}
