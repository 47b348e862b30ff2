"""Numbered result revisions and the result of each entry in them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Scaled, Utc, named
from models.contests import Event, RuleVersion
from models.database import Base
from models.entries import Entry
from rules.ranking import EntryStatus
from rules.states import RevisionState


class Revision(Base):
    """One computation of an event; everything official names the revision it comes from."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    number: Mapped[int]
    state: Mapped[RevisionState] = mapped_column(named(RevisionState, "state"))
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    digest: Mapped[str] = mapped_column(String(64))
    # The decisions that parted equal entries; NULL in revisions that keep no inputs.
    decisions: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(String(400), default="")
    computed_at: Mapped[datetime] = mapped_column(Utc)
    computed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime | None] = mapped_column(Utc)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    event: Mapped[Event] = relationship()
    rule_version: Mapped[RuleVersion] = relationship()
    results: Mapped[list["Result"]] = relationship(back_populates="revision")


class Result(Base):
    """What one entry reached in one revision."""

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("revision_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    status: Mapped[EntryStatus] = mapped_column(named(EntryStatus, "status"))
    total: Mapped[Decimal | None] = mapped_column(Scaled(6))
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    passed: Mapped[bool | None]
    rank: Mapped[int | None]
    award_rank: Mapped[int | None]
    tie_break: Mapped[str | None] = mapped_column(String(60))
    scale: Mapped[int | None]
    reached: Mapped[int] = mapped_column(default=1, server_default="1")
    # What the result was computed from: marks, statuses, guest or not. A revision can be computed
    # again from its own inputs, whatever became of the sheets since.
    inputs: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)

    revision: Mapped[Revision] = relationship(back_populates="results")
    entry: Mapped[Entry] = relationship()


class TieDecision(Base):
    """How equal entries were parted that no rule parts: the order, the reason and by whom."""

    __tablename__ = "tie_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(60), default="")
    order: Mapped[list[int]] = mapped_column("entry_order", JSON)
    reason: Mapped[str] = mapped_column(String(400))
    decided_by: Mapped[str] = mapped_column(String(100))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
