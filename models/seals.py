"""Pictures of seals, by the body whose seal it is; the bytes are kept encrypted."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Utc, named
from models.database import Base
from rules.states import SealState


class SealPicture(Base):
    """A picture of a seal, from upload to its end."""

    __tablename__ = "seal_picture"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(String(60), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    width: Mapped[int]
    height: Mapped[int]
    transparent: Mapped[bool]
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[SealState] = mapped_column(named(SealState, "state"), default=SealState.DRAFT)
    uploaded_at: Mapped[datetime] = mapped_column(Utc)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")

    uploaded_by: Mapped[Account] = relationship(foreign_keys=[uploaded_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
    withdrawn_by: Mapped[Account | None] = relationship(foreign_keys=[withdrawn_by_id])
