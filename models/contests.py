"""Contest editions, their events and divisions, and the frozen versions of their rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Utc, named
from models.database import Base
from rules.editions import ContestKind
from rules.states import ContestState, EventState


class Contest(Base):
    """One edition of a contest; of kind ``selection`` it carries the result of a round (R5.01)."""

    __tablename__ = "contest"
    __table_args__ = (
        CheckConstraint("entry_opens_on <= entry_closes_on", name="entry_dates"),
        CheckConstraint("starts_on <= ends_on", name="contest_dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    level: Mapped[str] = mapped_column(String(20), default="city")
    kind: Mapped[ContestKind] = mapped_column(
        named(ContestKind, "kind"), default=ContestKind.CONTEST, server_default="contest"
    )
    summary: Mapped[str] = mapped_column(Text, default="")
    sponsors: Mapped[str] = mapped_column(String(400), default="")
    hosts: Mapped[str] = mapped_column(String(400), default="")
    entry_opens_on: Mapped[date]
    entry_closes_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[ContestState] = mapped_column(
        named(ContestState, "state"), default=ContestState.DRAFT
    )
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What certificates in English call the edition, its events, divisions and awards, by title.
    titles_english: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    published_at: Mapped[datetime | None] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Utc)

    events: Mapped[list["Event"]] = relationship(
        back_populates="contest", order_by="(Event.position, Event.id)"
    )
    __mapper_args__ = {"version_id_col": version}


class Event(Base):
    """One event (赛项): an occupation, a marking scheme, an award plan."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("contest_id", "code"),
        UniqueConstraint("contest_id", "title"),
        CheckConstraint("standard_level BETWEEN 1 AND 5", name="standard_level"),
        CheckConstraint("team_size BETWEEN 1 AND 9", name="team_size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    code: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(60))
    occupation: Mapped[str] = mapped_column(String(60))
    standard_level: Mapped[int] = mapped_column(default=3)
    team_size: Mapped[int] = mapped_column(default=1)
    venue: Mapped[str] = mapped_column(String(120), default="")
    held_on: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[EventState] = mapped_column(
        named(EventState, "state"), default=EventState.DRAFT, index=True
    )
    scheme: Mapped[dict[str, Any]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)

    contest: Mapped[Contest] = relationship(back_populates="events")
    divisions: Mapped[list["Division"]] = relationship(
        back_populates="event", order_by="Division.position", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}


class Division(Base):
    """A division (组别) of an event, ranked and awarded apart (R1.15)."""

    __tablename__ = "division"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    code: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship(back_populates="divisions")


class RuleVersion(Base):
    """The rules of an event as frozen at publication, and each numbered amendment after it."""

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    number: Mapped[int]
    scheme: Mapped[dict[str, Any]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    edition: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(400), default="")
    frozen_at: Mapped[datetime] = mapped_column(Utc)
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
