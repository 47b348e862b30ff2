"""Entry passes (参赛证) and who has come."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Utc
from models.database import Base
from models.entries import Entry
from models.people import Person


class Pass(Base):
    """The pass of one person for one entry; its token stands in the QR code and says nothing."""

    __tablename__ = "pass"
    __table_args__ = (
        Index(
            "uq_pass_valid",
            "entry_id",
            "person_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Utc)
    voided_at: Mapped[datetime | None] = mapped_column(Utc)
    void_reason: Mapped[str] = mapped_column(String(400), default="")

    entry: Mapped[Entry] = relationship()
    person: Mapped[Person] = relationship()


class Arrival(Base):
    """A person who has checked in; nobody does so twice in one event."""

    __tablename__ = "arrival"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by_pass: Mapped[bool] = mapped_column(default=False)

    entry: Mapped[Entry] = relationship()
    person: Mapped[Person] = relationship()
