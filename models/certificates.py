"""Certificates of every kind: facts frozen as data, a number that is never used again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Award
from models.columns import Utc, named
from models.contests import Contest, Event
from models.database import Base
from models.levels import LevelLine
from models.people import Person
from models.statements import StatusList
from rules.certificate_kinds import CertificateKind
from rules.states import CertificateState


class LayoutVersion(Base):
    """What certificates looked like when they were issued: a layout as data, kept for ever."""

    __tablename__ = "layout_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Utc)


class Appointment(Base):
    """Somebody called to a task of a contest without a seat on a panel, such as an expert."""

    __tablename__ = "appointment"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Utc)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    contest: Mapped[Contest] = relationship()


# Each kind has one source, and whoever holds the paper.
_SOURCE = (
    "(award_id IS NOT NULL) = (kind IN ('honour', 'team', 'coach'))"
    " AND (line_id IS NOT NULL) = (kind = 'level')"
    " AND (entry_id IS NOT NULL) = (kind = 'participation')"
    " AND (prize IS NOT NULL) = (kind = 'plaque')"
    " AND (appointment_id IS NOT NULL) = (kind = 'appointment' AND account_id IS NULL)"
    " AND (account_id IS NULL OR kind IN ('judge', 'appointment'))"
    " AND (account_id IS NOT NULL OR kind <> 'judge')"
)
_HOLDER = (
    "(kind NOT IN ('honour', 'coach', 'level', 'participation') OR person_id IS NOT NULL)"
    " AND (kind NOT IN ('team', 'plaque') OR person_id IS NULL)"
    " AND (kind <> 'plaque' OR employer_id IS NOT NULL)"
)


def _one_valid(name: str, kinds: str, *columns: str) -> Index:
    """One valid paper of these kinds for the columns; revoked ones stay beside it."""
    where = text(f"state = 'issued' AND kind IN ({kinds})")
    return Index(
        f"uq_certificate_{name}_valid",
        *columns,
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


class Certificate(Base):
    """One paper: of whom, of what kind, and the one row that it is issued for.

    A judge's paper is for a task of an account in an event, not for a seat: panels are drawn anew.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint(_SOURCE, name="source"),
        CheckConstraint(_HOLDER, name="holder"),
        _one_valid("award_person", "'honour', 'coach'", "award_id", "person_id"),
        _one_valid("team", "'team'", "award_id"),
        _one_valid("line", "'level'", "line_id"),
        _one_valid("entry_person", "'participation'", "entry_id", "person_id"),
        _one_valid("judge", "'judge'", "event_id", "account_id"),
        _one_valid("seat", "'appointment'", "event_id", "account_id"),
        _one_valid("appointment", "'appointment'", "appointment_id"),
        _one_valid("prize", "'plaque'", "contest_id", "prize", "employer_id"),
        UniqueConstraint("status_list_id", "status_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    check_code: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[CertificateKind] = mapped_column(
        named(CertificateKind, "kind"),
        default=CertificateKind.HONOUR,
        server_default=CertificateKind.HONOUR.value,
    )
    name: Mapped[str] = mapped_column(String(200))
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("level_line.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    prize: Mapped[str | None] = mapped_column(String(60))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
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

    contest: Mapped[Contest] = relationship()
    event: Mapped[Event | None] = relationship()
    award: Mapped[Award | None] = relationship()
    line: Mapped[LevelLine | None] = relationship()
    person: Mapped[Person | None] = relationship()
    layout: Mapped[LayoutVersion | None] = relationship()
    status_list: Mapped[StatusList | None] = relationship()
