"""What the public board shows, and who hands over the prizes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Utc
from models.database import Base


class BoardShot(Base):
    """The board of an event as it stood at one moment: work codes only, never a name.

    A picture of marks, not a record: older ones are dropped but for the last before the freeze.
    """

    __tablename__ = "board_shot"
    __table_args__ = (Index("ix_board_shot_event_id_taken_at", "event_id", "taken_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    taken_at: Mapped[datetime] = mapped_column(Utc)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class Presenter(Base):
    """Who hands over the prizes of one tier of an event."""

    __tablename__ = "presenter"
    __table_args__ = (UniqueConstraint("event_id", "tier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    tier: Mapped[str] = mapped_column(String(40))
    names: Mapped[str] = mapped_column(String(200))
