"""The control room: hints put aside, marks asked for again, breaches of the rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Utc, named
from models.database import Base
from models.judging import Sheet
from models.works import Work
from rules.violations import Effect

LONGEST_NOTE = 400


class Dismissal(Base):
    """An alarm that somebody has looked at and put aside, with a note.

    `mark` names the figures it was found in: with other figures it comes back.
    """

    __tablename__ = "dismissal"
    __table_args__ = (UniqueConstraint("event_id", "alarm", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    alarm: Mapped[str] = mapped_column(String(32))
    mark: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    dismissed_at: Mapped[datetime] = mapped_column(Utc)

    account: Mapped[Account] = relationship()


class Remark(Base):
    """A signed sheet that its judge was asked to look at again, with both versions (R2.15).

    `aspects` names the only lines that are open; `before` and `after` hold the marks of these
    lines as they were and as they were signed again.
    """

    __tablename__ = "remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"), index=True)
    aspects: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(Utc)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)

    sheet: Mapped[Sheet] = relationship()
    asked_by: Mapped[Account] = relationship()


class Violation(Base):
    """A breach of the rules by one work, with its reason, its evidence and its effect (R2.19).

    What was recorded by mistake is taken back with a reason; the row stays.
    """

    __tablename__ = "violation"
    __table_args__ = (
        CheckConstraint("times >= 1", name="times"),
        CheckConstraint("(effect = 'deduction') = (deduction IS NOT NULL)", name="deduction"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    effect: Mapped[Effect] = mapped_column(named(Effect, "effect"))
    part: Mapped[str] = mapped_column(String(40), default="")
    deduction: Mapped[str | None] = mapped_column(String(60))
    times: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    evidence: Mapped[str | None] = mapped_column(String(32))
    evidence_sha256: Mapped[str | None] = mapped_column(String(64))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
    withdrawn_reason: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")

    work: Mapped[Work] = relationship()
    recorded_by: Mapped[Account] = relationship()
