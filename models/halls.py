"""The hall: how it is laid out for an event, and the day of each contestant, step by step."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Utc, named
from models.database import Base
from models.entries import Entry
from rules.states import TurnState


class Hall(Base):
    """The layout of one event's hall: batches, stations, papers, working time (rules.halls)."""

    __tablename__ = "hall"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Turn(Base):
    """The day of one entry: where it was drawn to, how far it is, and its times (R2.03)."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("event_id", "batch", "station"),
        UniqueConstraint("event_id", "batch", "place"),
        CheckConstraint("given_back >= 0", name="given_back"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    state: Mapped[TurnState] = mapped_column(
        named(TurnState, "turn_state"), default=TurnState.WAITING
    )
    batch: Mapped[int | None]
    station: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[int | None]
    paper: Mapped[str | None] = mapped_column(String(40))
    called_at: Mapped[datetime | None] = mapped_column(Utc)
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    interrupted_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    given_back: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    entry: Mapped[Entry] = relationship()
    __mapper_args__ = {"version_id_col": version}


class TurnStep(Base):
    """One step of a contestant's day: when, who recorded it, from where to where, and why."""

    __tablename__ = "turn_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id"), index=True)
    at: Mapped[datetime] = mapped_column(Utc)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    old_state: Mapped[TurnState] = mapped_column(named(TurnState, "old_state"))
    new_state: Mapped[TurnState] = mapped_column(named(TurnState, "new_state"))
    remark: Mapped[str] = mapped_column(String(400), default="")
    used: Mapped[int] = mapped_column(default=0)
    pause: Mapped[int] = mapped_column(default=0)
    given_back: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[str | None] = mapped_column(String(32))  # the key of its stored bytes
    evidence_sha256: Mapped[str | None] = mapped_column(String(64))

    account: Mapped[Account | None] = relationship()
