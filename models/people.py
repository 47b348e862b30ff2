"""People and their employers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Encrypted, EncryptedDate, Utc
from models.database import Base


class Employer(Base):
    """A company, school or institution that enters people."""

    __tablename__ = "employer"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120), unique=True)
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    district: Mapped[str] = mapped_column(String(40), default="")
    # A section of GB/T 4754 (rules.industries); empty: not known.
    industry: Mapped[str] = mapped_column(String(1), default="", server_default="")
    contact_name: Mapped[str] = mapped_column(String(40), default="")
    contact_phone: Mapped[str | None] = mapped_column(Encrypted("employer.contact_phone"))
    created_at: Mapped[datetime] = mapped_column(Utc)


class Person(Base):
    """A person, known by an identity number: stored encrypted, found by its keyed hash."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("held_level IS NULL OR held_level BETWEEN 1 AND 5", name="held_level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    name_key: Mapped[str] = mapped_column(String(200), index=True, default="")
    # as in the passport, once confirmed; empty: spelled by rule
    name_latin: Mapped[str] = mapped_column(String(60), default="", server_default="")
    id_kind: Mapped[str] = mapped_column(String(24))
    id_number: Mapped[str] = mapped_column(Encrypted("person.id_number"))
    id_index: Mapped[str] = mapped_column(String(64), unique=True)
    birth_date: Mapped[date | None] = mapped_column(EncryptedDate("person.birth_date"))
    sex: Mapped[str | None] = mapped_column(String(1))
    phone: Mapped[str | None] = mapped_column(Encrypted("person.phone"))
    held_level: Mapped[int | None]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Utc)

    employer: Mapped[Employer | None] = relationship()
