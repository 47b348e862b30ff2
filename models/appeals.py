"""Appeals (申诉) against what happened on the day, and what the arbitration group says to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Utc, named
from models.contests import Event
from models.database import Base
from models.entries import Entry
from models.results import Revision
from rules.appeals import Effect, Filer, Kind, Outcome
from rules.states import AppealState


class EventEnd(Base):
    """When an event is expected to end, and when it did: from then on the time for appeals runs.

    ``freezes_at`` is the moment from which the public board stands still before the expected end.
    """

    __tablename__ = "event_end"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    expected_at: Mapped[datetime | None] = mapped_column(Utc)
    freezes_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Appeal(Base):
    """One appeal about one entry, numbered within its event; late ones are kept as refused.

    It names the entry and never a work code: nobody who reads it learns who stands behind a code.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint("stage BETWEEN 1 AND 2", name="stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    number: Mapped[int]
    kind: Mapped[Kind] = mapped_column(named(Kind, "kind"))
    facts: Mapped[str] = mapped_column(Encrypted("appeal.facts"))
    request: Mapped[str] = mapped_column(Encrypted("appeal.request"))
    filer: Mapped[Filer] = mapped_column(named(Filer, "filer"))
    received_at: Mapped[datetime] = mapped_column(Utc)
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[AppealState] = mapped_column(named(AppealState, "state"))
    stage: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime] = mapped_column(Utc)
    late_after: Mapped[datetime | None] = mapped_column(Utc)
    digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()
    entry: Mapped[Entry] = relationship()
    rulings: Mapped[list["Ruling"]] = relationship(back_populates="appeal", order_by="Ruling.stage")
    __mapper_args__ = {"version_id_col": version}


class HearingNote(Base):
    """What a member of the arbitration group wrote down; only the group reads it."""

    __tablename__ = "hearing_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    text: Mapped[str] = mapped_column(Encrypted("hearing_note.text"))
    written_at: Mapped[datetime] = mapped_column(Utc)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    author: Mapped[Account] = relationship()


class Vote(Base):
    """How one member of the group voted in one stage of an appeal; nobody votes twice."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("appeal_id", "stage", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    stage: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[Outcome] = mapped_column(named(Outcome, "outcome"))
    cast_at: Mapped[datetime] = mapped_column(Utc)

    account: Mapped[Account] = relationship()


class Ruling(Base):
    """The answer to one stage of an appeal; what it changes counts only in a new revision."""

    __tablename__ = "ruling"
    __table_args__ = (
        UniqueConstraint("appeal_id", "stage"),
        CheckConstraint("votes_for <= votes_cast", name="votes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    stage: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(named(Outcome, "outcome"))
    reasons: Mapped[str] = mapped_column(Text)
    effect: Mapped[Effect] = mapped_column(named(Effect, "effect"))
    # What the chief judge is told to do; it names no person, for the codes may still be closed.
    order: Mapped[str] = mapped_column("effect_order", String(400), default="")
    votes_for: Mapped[int]
    votes_cast: Mapped[int]
    ruled_at: Mapped[datetime] = mapped_column(Utc)
    ruled_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime | None] = mapped_column(Utc)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_note: Mapped[str] = mapped_column(String(400), default="")
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))

    appeal: Mapped[Appeal] = relationship(back_populates="rulings")
    revision: Mapped[Revision | None] = relationship()
