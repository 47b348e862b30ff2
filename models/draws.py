"""Draws: the record from which a draw of work codes can be repeated and checked."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Utc
from models.database import Base


class Draw(Base):
    """The one draw of an event; a second one needs an explicit reset (R2.02)."""

    __tablename__ = "draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    seed: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime] = mapped_column(Utc)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
