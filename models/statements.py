"""Keys that sign statements and badges, and the status lists in which certificates have a place."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Encrypted, Utc, named
from models.database import Base
from rules.states import StatementKeyState


class StatementKey(Base):
    """A pair of keys; old ones stay for checking, and the private one never leaves."""

    __tablename__ = "statement_key"
    __table_args__ = (
        Index(
            "uq_statement_key_active",
            "state",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        CheckConstraint("(state = 'active') = (valid_until IS NULL)", name="valid_until"),
        CheckConstraint(
            "(state = 'compromised') = (compromised_at IS NOT NULL)", name="compromised_at"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kid: Mapped[str] = mapped_column(String(8), unique=True)
    public: Mapped[str] = mapped_column(String(400))  # as PEM
    private: Mapped[str] = mapped_column(Encrypted("statement_key.private"))
    state: Mapped[StatementKeyState] = mapped_column(named(StatementKeyState, "state"))
    valid_from: Mapped[datetime] = mapped_column(Utc)
    valid_until: Mapped[datetime | None] = mapped_column(Utc)
    # From when on it may have been in other hands
    compromised_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(400), default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class StatusList(Base):
    """A list of places, one a certificate, in no order that tells anything."""

    __tablename__ = "status_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(Utc)
