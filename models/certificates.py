"""Honour certificates: facts frozen as data, a number that is never used again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Award
from models.columns import Utc, named
from models.database import Base
from models.people import Person
from models.statements import StatusList
from rules.states import CertificateState


class LayoutVersion(Base):
    """What certificates looked like when they were issued: a layout as data, kept for ever."""

    __tablename__ = "layout_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Utc)


class Certificate(Base):
    """One person's certificate for one award."""

    __tablename__ = "certificate"
    __table_args__ = (
        # one valid certificate a person and award; revoked ones stay beside it
        Index(
            "uq_certificate_award_person_valid",
            "award_id",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
        UniqueConstraint("status_list_id", "status_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    check_code: Mapped[str] = mapped_column(String(32), unique=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    # None: issued before layouts were kept, so it looks as the usual one
    layout_id: Mapped[int | None] = mapped_column(ForeignKey("layout_version.id"))
    # What the code on the paper says, signed; None: issued while there was no key
    statement: Mapped[str | None] = mapped_column(Text)
    status_list_id: Mapped[int | None] = mapped_column(ForeignKey("status_list.id"))
    status_index: Mapped[int | None]
    state: Mapped[CertificateState] = mapped_column(
        named(CertificateState, "state"), default=CertificateState.ISSUED
    )
    issued_at: Mapped[datetime] = mapped_column(Utc)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_reason: Mapped[str] = mapped_column(String(400), default="")
    # The certificate in whose place this one was issued.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)

    award: Mapped[Award] = relationship()
    person: Mapped[Person] = relationship()
    layout: Mapped[LayoutVersion | None] = relationship()
    status_list: Mapped[StatusList | None] = relationship()
