"""Payment orders, the bank accounts of payees, the bank's answers, and pay-backs.

An order, a claim and a pay-back belong to a contest or to a payment series, never to both.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, EncryptedJson, Scaled, Utc, named
from models.contests import Contest
from models.database import Base
from models.entries import Entry
from models.people import Employer, Person
from models.results import Revision
from rules.award_shares import ShareKind
from rules.payees import AccountKind
from rules.payouts import PayeeKind, SeriesKind, Treatment
from rules.states import PayoutLineState, PayoutState, RecoveryState, ReturnState


class BankAccount(Base):
    """An account of a person or employer; a new one ends the old one, which stays as proof.

    Holder and number are forgotten so many days after the last payment was settled (R9.01).
    """

    __tablename__ = "bank_account"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (employer_id IS NULL)", name="owner"),
        CheckConstraint("(number IS NULL) = (purged_at IS NOT NULL)", name="purged"),
        Index(
            "uq_bank_account_person",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND person_id IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND person_id IS NOT NULL"),
        ),
        Index(
            "uq_bank_account_employer",
            "employer_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND employer_id IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND employer_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    kind: Mapped[AccountKind] = mapped_column(named(AccountKind, "kind"))
    holder: Mapped[str | None] = mapped_column(Encrypted("bank_account.holder"))
    number: Mapped[str | None] = mapped_column(Encrypted("bank_account.number"))
    last_four: Mapped[str] = mapped_column(String(4))
    bank: Mapped[str] = mapped_column(String(80))
    branch: Mapped[str] = mapped_column(String(120), default="")
    bank_code: Mapped[str] = mapped_column(String(12), default="")
    # What the owner agreed to (PIPL art. 29), or the paper from which staff typed it.
    consent: Mapped[str] = mapped_column(String(1000), default="")
    paper: Mapped[str] = mapped_column(String(120), default="")
    entered_at: Mapped[datetime] = mapped_column(Utc)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    purged_at: Mapped[datetime | None] = mapped_column(Utc)


class PayoutLayout(Base):
    """The columns in which a bank wants its batch file."""

    __tablename__ = "payout_layout"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80), unique=True)
    columns: Mapped[list[Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


_ONE_SOURCE = "(contest_id IS NULL) <> (series_id IS NULL)"


class PayoutSeries(Base):
    """A payment series (发放项目): what is paid beside prizes, its tax, and from which money."""

    __tablename__ = "payout_series"
    __table_args__ = (
        CheckConstraint("treatment <> 'exempt' OR basis <> ''", name="basis"),
        CheckConstraint("ceiling IS NULL OR ceiling >= 0", name="ceiling"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # As the papers of its orders carry it.
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[SeriesKind] = mapped_column(named(SeriesKind, "kind"))
    # Whose money of a company's fund it is; None is the city's.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    treatment: Mapped[Treatment] = mapped_column(named(Treatment, "treatment"))
    basis: Mapped[str] = mapped_column(String(400), default="")
    budget_line: Mapped[str] = mapped_column(String(20), default="")
    ceiling: Mapped[Decimal | None] = mapped_column(Scaled(2))
    opened_at: Mapped[datetime] = mapped_column(Utc)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)

    employer: Mapped[Employer | None] = relationship()
    __mapper_args__ = {"version_id_col": version}


class PayoutOrder(Base):
    """A numbered payment order (发放单) of a contest or a series."""

    __tablename__ = "payout_order"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        UniqueConstraint("series_id", "number"),
        CheckConstraint(_ONE_SOURCE, name="source"),
        CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> prepared_by_id"
            " AND approved_by_id <> submitted_by_id)",
            name="two_people",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("payout_series.id"))
    number: Mapped[int]
    state: Mapped[PayoutState] = mapped_column(
        named(PayoutState, "state"), default=PayoutState.DRAFT
    )
    note: Mapped[str] = mapped_column(String(400), default="")
    prepared_at: Mapped[datetime] = mapped_column(Utc)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    settled_at: Mapped[datetime | None] = mapped_column(Utc)
    # Of what was approved: payees, amounts, accounts.
    digest: Mapped[str] = mapped_column(String(64), default="")
    layout_id: Mapped[int | None] = mapped_column(ForeignKey("payout_layout.id"))
    version: Mapped[int] = mapped_column(default=1)

    contest: Mapped[Contest | None] = relationship()
    series: Mapped[PayoutSeries | None] = relationship()
    lines: Mapped[list["PayoutLine"]] = relationship(back_populates="order")
    prepared_by: Mapped[Account] = relationship(foreign_keys=[prepared_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
    __mapper_args__ = {"version_id_col": version}

    @property
    def source(self) -> Contest | PayoutSeries:
        """Return what the order pays for: a contest or a series."""
        found = self.contest or self.series
        assert found is not None
        return found


class PayoutClaim(Base):
    """What one beneficiary has a claim to for one honour, whatever revision says so.

    Its key is there once for ever: a later revision changes what is due, never who was paid.
    """

    __tablename__ = "payout_claim"
    __table_args__ = (CheckConstraint(_ONE_SOURCE, name="source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("payout_series.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[ShareKind] = mapped_column(named(ShareKind, "kind"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    barred_at: Mapped[datetime | None] = mapped_column(Utc)
    barred_reason: Mapped[str] = mapped_column(String(400), default="")

    contest: Mapped[Contest | None] = relationship()
    series: Mapped[PayoutSeries | None] = relationship()
    entry: Mapped[Entry | None] = relationship()
    person: Mapped[Person | None] = relationship()
    employer: Mapped[Employer | None] = relationship()


class PayoutLine(Base):
    """One payment to one beneficiary, with all amounts as they were ordered.

    Of a claim one line of each part lives: part 0 is the payment, later parts are differences.
    """

    __tablename__ = "payout_line"
    __table_args__ = (
        Index(
            "uq_payout_line_live",
            "claim_id",
            "part",
            unique=True,
            sqlite_where=text("live"),
            postgresql_where=text("live"),
        ),
        CheckConstraint("gross = tax + net AND tax >= 0 AND net > 0", name="sums"),
        CheckConstraint("treatment <> 'exempt' OR basis <> ''", name="basis"),
        CheckConstraint("treatment = 'withheld' OR tax = 0", name="untaxed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("payout_order.id"), index=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("payout_claim.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    part: Mapped[int] = mapped_column(default=0)
    payee: Mapped[str] = mapped_column(String(120))
    payee_kind: Mapped[PayeeKind] = mapped_column(named(PayeeKind, "payee_kind"))
    unit: Mapped[str] = mapped_column(String(120), default="")
    event: Mapped[str] = mapped_column(String(200), default="")
    award: Mapped[str] = mapped_column(String(60))
    promised: Mapped[Decimal] = mapped_column(Scaled(2))
    gross: Mapped[Decimal] = mapped_column(Scaled(2))
    tax: Mapped[Decimal] = mapped_column(Scaled(2))
    net: Mapped[Decimal] = mapped_column(Scaled(2))
    rate: Mapped[Decimal] = mapped_column(Scaled(4))
    treatment: Mapped[Treatment] = mapped_column(named(Treatment, "treatment"))
    basis: Mapped[str] = mapped_column(String(400), default="")
    budget_line: Mapped[str] = mapped_column(String(20), default="")
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"), index=True)
    state: Mapped[PayoutLineState] = mapped_column(
        named(PayoutLineState, "state"), default=PayoutLineState.ORDERED
    )
    live: Mapped[bool] = mapped_column(default=True, server_default=true())
    approved: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(400), default="")
    batch: Mapped[int | None]
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    paid_at: Mapped[datetime | None] = mapped_column(Utc)

    order: Mapped[PayoutOrder] = relationship(back_populates="lines")
    claim: Mapped[PayoutClaim] = relationship()
    revision: Mapped[Revision | None] = relationship()
    account: Mapped[BankAccount] = relationship()


class PayoutReturn(Base):
    """An answer of the bank: read, and not counted before it is confirmed."""

    __tablename__ = "payout_return"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("payout_order.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    rows: Mapped[Any] = mapped_column(EncryptedJson("payout_return.rows"))
    state: Mapped[ReturnState] = mapped_column(
        named(ReturnState, "state"), default=ReturnState.PREVIEWED
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    # The lines that this answer settled, for the case that it is undone.
    settled: Mapped[list[Any]] = mapped_column(JSON, default=list)

    order: Mapped[PayoutOrder] = relationship()


class PayoutRecovery(Base):
    """Money of a paid line that must come back: received in parts, or waived by two people."""

    __tablename__ = "payout_recovery"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        UniqueConstraint("series_id", "number"),
        CheckConstraint(_ONE_SOURCE, name="source"),
        CheckConstraint("received >= 0 AND received <= net AND net > 0", name="amounts"),
        CheckConstraint("waived_by_id IS NULL OR waived_by_id <> waiver_by_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("payout_series.id"))
    number: Mapped[int]
    line_id: Mapped[int] = mapped_column(ForeignKey("payout_line.id"), index=True)
    gross: Mapped[Decimal] = mapped_column(Scaled(2))
    net: Mapped[Decimal] = mapped_column(Scaled(2))
    received: Mapped[Decimal] = mapped_column(Scaled(2), default=Decimal(0))
    state: Mapped[RecoveryState] = mapped_column(
        named(RecoveryState, "state"), default=RecoveryState.OPEN
    )
    reason: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[datetime] = mapped_column(Utc)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    waiver_reason: Mapped[str] = mapped_column(String(400), default="")
    waiver_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    waived_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)

    line: Mapped[PayoutLine] = relationship()
    contest: Mapped[Contest | None] = relationship()
    series: Mapped[PayoutSeries | None] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def source(self) -> Contest | PayoutSeries:
        """Return whose money comes back: that of a contest or a series."""
        found = self.contest or self.series
        assert found is not None
        return found
