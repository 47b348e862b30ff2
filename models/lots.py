"""Lots: each draw of batches, stations, order or papers, with all that repeats it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Utc, named
from models.contests import Event
from models.database import Base
from rules.draws import LotKind
from rules.states import LotState


class Lot(Base):
    """One draw; a second of its kind needs a reset, and both are kept (R2.02)."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "batch", "number"),
        Index(
            "uq_lot_standing",
            "event_id",
            "kind",
            "batch",
            unique=True,
            sqlite_where=text("state != 'reset'"),
            postgresql_where=text("state != 'reset'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[LotKind] = mapped_column(named(LotKind, "kind"))
    batch: Mapped[int] = mapped_column(default=0)
    number: Mapped[int]
    state: Mapped[LotState] = mapped_column(named(LotState, "state"), default=LotState.COMMITTED)
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(Encrypted("lot.secret"))
    commitment: Mapped[str] = mapped_column(String(64))
    committed_at: Mapped[datetime] = mapped_column(Utc)
    committed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    spoken: Mapped[str | None] = mapped_column(String(60))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    drawn_at: Mapped[datetime | None] = mapped_column(Utc)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reset_at: Mapped[datetime | None] = mapped_column(Utc)
    reset_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reset_reason: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship()
    committed_by: Mapped[Account] = relationship(foreign_keys=committed_by_id)
    drawn_by: Mapped[Account | None] = relationship(foreign_keys=drawn_by_id)
    reset_by: Mapped[Account | None] = relationship(foreign_keys=reset_by_id)
    __mapper_args__ = {"version_id_col": version}
