"""What judges' devices sent, and what judges hold as proof of it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Utc, named
from models.database import Base
from rules.syncing import Outcome


class SentMark(Base):
    """A mark that a device sent and that was taken in, for good; the key makes it count once."""

    __tablename__ = "sent_mark"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index("ix_sent_mark_sheet_id_device", "sheet_id", "device"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(String(64))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    aspect: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[Outcome] = mapped_column(named(Outcome, "outcome"))
    version: Mapped[int]
    batch: Mapped[str] = mapped_column(String(64), index=True)
    typed_at: Mapped[datetime | None] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)


class Receipt(Base):
    """What a judge signed, letter by letter, with the code and digest that prove it later."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    work: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(Utc)
