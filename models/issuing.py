"""Runs that issue certificates by the thousand, and the register of their numbers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.certificates import Certificate, LayoutVersion
from models.columns import Utc, named
from models.contests import Contest
from models.database import Base
from rules.certificate_kinds import CertificateKind
from rules.states import LineState, NumberState, RunState

_OPEN = text("state NOT IN ('done', 'cancelled')")


class SerialCounter(Base):
    """The last serial that was given out in one series of numbers; it only ever grows."""

    __tablename__ = "serial_counter"

    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(40), unique=True)
    last: Mapped[int] = mapped_column(default=0)


class TakenNumber(Base):
    """A number that was given out, and can never be again: in the register for ever.

    It names its certificate by the number alone, so that it stays whatever becomes of the other.
    """

    __tablename__ = "taken_number"
    __table_args__ = (
        CheckConstraint("(state = 'void') = (voided_at IS NOT NULL)", name="voided"),
        Index("ix_taken_number_contest_id_id", "contest_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("issue_run.id"), index=True)
    state: Mapped[NumberState] = mapped_column(named(NumberState, "state"))
    taken_at: Mapped[datetime] = mapped_column(Utc)
    voided_at: Mapped[datetime | None] = mapped_column(Utc)
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")

    contest: Mapped[Contest] = relationship()


class IssueRun(Base):
    """Certificates of a contest that are issued together, from the check to the last file."""

    __tablename__ = "issue_run"
    __table_args__ = (
        # one open run a contest and kind, so that nobody is in two at the same time
        Index(
            "uq_issue_run_open",
            "contest_id",
            "kind",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    kind: Mapped[CertificateKind] = mapped_column(named(CertificateKind, "kind"))
    layout_id: Mapped[int] = mapped_column(ForeignKey("layout_version.id"))
    state: Mapped[RunState] = mapped_column(named(RunState, "state"))
    prepared_at: Mapped[datetime] = mapped_column(Utc)
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    # When the files of all its certificates were made, and under which address they are checked.
    printed_at: Mapped[datetime | None] = mapped_column(Utc)
    address: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(400), default="")
    # Which process works it, and until when it may be taken for alive.
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    # Since when it has been going on without a break, and what was done before: for its pace.
    pace_at: Mapped[datetime | None] = mapped_column(Utc)
    pace_done: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)

    contest: Mapped[Contest] = relationship()
    layout: Mapped[LayoutVersion] = relationship()
    prepared_by: Mapped[Account | None] = relationship(foreign_keys=prepared_by_id)
    approved_by: Mapped[Account | None] = relationship(foreign_keys=approved_by_id)
    started_by: Mapped[Account | None] = relationship(foreign_keys=started_by_id)


class IssueLine(Base):
    """One person's certificate within a run: waiting, left out with a reason, issued, printed."""

    __tablename__ = "issue_line"
    __table_args__ = (
        UniqueConstraint("run_id", "position"),
        Index("ix_issue_line_run_id_state", "run_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("issue_run.id"))
    position: Mapped[int]
    # What the certificate is for: the key of the paper.
    source: Mapped[list[Any]] = mapped_column(JSON)
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[LineState] = mapped_column(named(LineState, "state"))
    # What stands in the way, as messages with their values.
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(400), default="")
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)

    certificate: Mapped[Certificate | None] = relationship()
