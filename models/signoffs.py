"""Signatures under marks, checks of marks against paper, and the reopening of confirmed ones."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Scaled, Utc, named
from models.contests import Event
from models.database import Base
from models.judging import Sheet
from rules.sampling import Finding, Reason
from rules.signoffs import Step, Verdict
from rules.states import ReopeningState

_STANDS = text("voided_at IS NULL AND verdict = 'confirmed'")
_OPEN = text("state = 'proposed'")


class Signoff(Base):
    """What somebody did with one step of the chain: confirmed it, or sent it back (R2.23).

    Rows are never changed but for the moment at which a confirmation ceased to count. Only one
    confirmation of a step can stand at a time.
    """

    __tablename__ = "signoff"
    __table_args__ = (
        Index(
            "uq_signoff_standing",
            "event_id",
            "step",
            "part",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    step: Mapped[Step] = mapped_column(named(Step, "step"))
    part: Mapped[str] = mapped_column(String(40), default="")
    verdict: Mapped[Verdict] = mapped_column(named(Verdict, "verdict"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    # The digest of the marks that were seen: of the bench for a group, otherwise of all.
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(400), default="")
    voided_at: Mapped[datetime | None] = mapped_column(Utc)

    account: Mapped[Account] = relationship()


class SpotCheck(Base):
    """One check of entered marks against paper (R2.25).

    First the marks are fixed by their digest, then figures are called out in public; both make the
    seed, from which anybody can repeat what was drawn.
    """

    __tablename__ = "spot_check"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    committed_at: Mapped[datetime] = mapped_column(Utc)
    committed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    top_percent: Mapped[Decimal] = mapped_column(Scaled(4))
    random_percent: Mapped[Decimal] = mapped_column(Scaled(4))
    error_percent: Mapped[Decimal] = mapped_column(Scaled(4))
    risk_percent: Mapped[Decimal] = mapped_column(Scaled(4))
    largest_percent: Mapped[Decimal] = mapped_column(Scaled(4))
    # The digest of each sheet, the tier of each work, the bounds of the errors, at that moment.
    basis: Mapped[dict[str, str]] = mapped_column(JSON, deferred=True)
    tiers: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    bounds: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    figures: Mapped[str] = mapped_column(String(60), default="")
    seed: Mapped[str] = mapped_column(String(64), default="")
    drawn_at: Mapped[datetime | None] = mapped_column(Utc)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    event: Mapped[Event] = relationship()
    items: Mapped[list["SpotCheckItem"]] = relationship(back_populates="check")


class SpotCheckItem(Base):
    """One sheet to be compared with its paper, and what was found on it."""

    __tablename__ = "spot_check_item"
    __table_args__ = (
        UniqueConstraint("check_id", "sheet_id"),
        CheckConstraint("(finding IS NULL) = (found_at IS NULL)", name="found"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("spot_check.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"), index=True)
    reason: Mapped[Reason] = mapped_column(named(Reason, "reason"))
    finding: Mapped[Finding | None] = mapped_column(named(Finding, "finding"))
    # What stands on the paper where it differs, by line; an empty text is no mark at all.
    values: Mapped[dict[str, str]] = mapped_column("found_values", JSON, default=dict)
    # The error as a part of the greatest one that is assumed, as a fraction.
    taint: Mapped[str] = mapped_column(String(60), default="0")
    remark: Mapped[str] = mapped_column(String(400), default="")
    found_at: Mapped[datetime | None] = mapped_column(Utc)
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    check: Mapped[SpotCheck] = relationship(back_populates="items")
    sheet: Mapped[Sheet] = relationship()
    found_by: Mapped[Account | None] = relationship()


class Reopening(Base):
    """A wish to open confirmed marks again: one proposes it with a reason, another one agrees."""

    __tablename__ = "reopening"
    __table_args__ = (
        CheckConstraint("answered_by_id <> proposed_by_id", name="two_people"),
        Index(
            "uq_reopening_open",
            "event_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    state: Mapped[ReopeningState] = mapped_column(named(ReopeningState, "state"))
    reason: Mapped[str] = mapped_column(String(400))
    proposed_at: Mapped[datetime] = mapped_column(Utc)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(String(400), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    # Empty while it waits, and where the edition lets one person open marks again.
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    proposed_by: Mapped[Account] = relationship(foreign_keys=proposed_by_id)
    answered_by: Mapped[Account | None] = relationship(foreign_keys=answered_by_id)
