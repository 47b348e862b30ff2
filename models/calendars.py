"""The working-day calendar and the claims of clock jobs."""

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Utc
from models.database import Base


class CalendarYear(Base):
    """A year whose holidays are known; any other year is refused, never guessed (R3.03)."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(200))


class CalendarDay(Base):
    """A day that breaks the week's rule: a holiday on a weekday or a working day at a weekend."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    title: Mapped[str] = mapped_column(String(40), default="")


class JobClaim(Base):
    """One firing of one clock job; the first process to insert it runs it."""

    __tablename__ = "job_claim"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    slot: Mapped[datetime] = mapped_column(Utc)
    claimed_at: Mapped[datetime] = mapped_column(Utc)
