"""Objections to public notices; who objects is known to the handlers only."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Utc, named
from models.database import Base
from models.entries import Entry
from models.notices import Notice
from rules.objections import Channel, Conclusion
from rules.states import ObjectionState


class Objection(Base):
    """One objection: received, taken in hand, answered; while it is open it holds one person."""

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        CheckConstraint("(finding IS NULL) = (answered_at IS NULL)", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    # Whom it is about; without an entry it is about the notice as a whole and holds nobody.
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    channel: Mapped[Channel] = mapped_column(named(Channel, "channel"))
    name: Mapped[str] = mapped_column(Encrypted("objection.name"))
    unit: Mapped[str | None] = mapped_column(Encrypted("objection.unit"))
    contact: Mapped[str] = mapped_column(Encrypted("objection.contact"))
    facts: Mapped[str] = mapped_column(Encrypted("objection.facts"))
    received_at: Mapped[datetime] = mapped_column(Utc)
    due_on: Mapped[date | None]
    state: Mapped[ObjectionState] = mapped_column(named(ObjectionState, "state"), index=True)
    reason: Mapped[str] = mapped_column(String(400), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    finding: Mapped[Conclusion | None] = mapped_column(named(Conclusion, "finding"))
    answer: Mapped[str | None] = mapped_column(Encrypted("objection.answer"))
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    carried_out_at: Mapped[datetime | None] = mapped_column(Utc)
    carried_out_note: Mapped[str] = mapped_column(String(400), default="")

    notice: Mapped[Notice] = relationship()
    entry: Mapped[Entry | None] = relationship()
    handler: Mapped[Account | None] = relationship(foreign_keys=[handler_id])
