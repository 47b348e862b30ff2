"""Consents: what a winner lets an employer fetch, in the words that were agreed to."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Utc
from models.database import Base
from models.people import Employer, Person

_STANDS = text("withdrawn_at IS NULL")


class Consent(Base):
    """One person's consent towards one employer; a newer one takes the place of the older."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_stands",
            "person_id",
            "employer_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    words: Mapped[str] = mapped_column(String(400))
    until: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(Utc)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Utc)

    person: Mapped[Person] = relationship()
    employer: Mapped[Employer] = relationship()
