"""Judges' seats, score sheets and marks."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Scaled, Utc, named
from models.database import Base
from models.works import Work
from rules.judges import SeatAnswer, SeatDuty
from rules.states import SheetState

MARK_PLACES = 4


class PanelSeat(Base):
    """A judge's (or, for theory, a clerk's) seat on the panel of one part of an event.

    Reserves, trainees and those who stepped back have numbers of their own kind (rules.seats).
    """

    __tablename__ = "panel_seat"
    __table_args__ = (
        UniqueConstraint("event_id", "part", "number"),
        UniqueConstraint("event_id", "part", "account_id"),
        Index(
            "uq_panel_seat_leader",
            "event_id",
            "part",
            unique=True,
            sqlite_where=text("is_leader"),
            postgresql_where=text("is_leader"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    part: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    duty: Mapped[SeatDuty] = mapped_column(
        named(SeatDuty, "duty"), default=SeatDuty.MEMBER, server_default=SeatDuty.MEMBER.value
    )
    answer: Mapped[SeatAnswer] = mapped_column(
        named(SeatAnswer, "answer"),
        default=SeatAnswer.ASKED,
        server_default=SeatAnswer.ACCEPTED.value,
    )
    asked_at: Mapped[datetime | None] = mapped_column(Utc)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    answer_reason: Mapped[str | None] = mapped_column(Encrypted("panel_seat.answer_reason"))
    # The head of the group, who signs for all of it (R2.23); one in a part.
    is_leader: Mapped[bool] = mapped_column(default=False, server_default=false())

    account: Mapped[Account] = relationship()


class Sheet(Base):
    """One seat's score sheet for one work."""

    __tablename__ = "sheet"
    __table_args__ = (UniqueConstraint("work_id", "seat_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("panel_seat.id"), index=True)
    stage: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[SheetState] = mapped_column(named(SheetState, "state"), default=SheetState.OPEN)
    signed_at: Mapped[datetime | None] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)

    work: Mapped[Work] = relationship()
    seat: Mapped[PanelSeat] = relationship()
    marks: Mapped[list["Mark"]] = relationship(back_populates="sheet")


class Mark(Base):
    """The value one seat gave one aspect of one work."""

    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("sheet_id", "aspect"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    aspect: Mapped[str] = mapped_column(String(60))
    value: Mapped[Decimal] = mapped_column(Scaled(MARK_PLACES))
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(Utc)

    sheet: Mapped[Sheet] = relationship(back_populates="marks")


class Spread(Base):
    """Signed sheets of one work that lie too far apart on a part or on one aspect (R2.15).

    Follows from the marks; worked out anew whenever a sheet is signed or opened again, so that the
    chief judge's page need not read every mark of the event.
    """

    __tablename__ = "spread"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    part: Mapped[str] = mapped_column(String(40))
    aspect: Mapped[str | None] = mapped_column(String(60))
    lowest: Mapped[Decimal] = mapped_column(Scaled(6))
    highest: Mapped[Decimal] = mapped_column(Scaled(6))

    work: Mapped[Work] = relationship()
