"""Applications in a round: what they say, their evidence and files, and the chain of checks."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Encrypted, EncryptedJson, Scaled, Utc, named
from models.database import Base
from models.honours import Honour
from models.people import Employer, Person
from models.selections import SelectionRound
from rules.honours import HonourLevel
from rules.selections import (
    ApplicationState,
    Channel,
    EvidenceKind,
    EvidenceSource,
    Post,
    UnitKind,
)

_LIVING = text("state NOT IN ('withdrawn', 'merged', 'refused') AND NOT double")


class SelectionApplication(Base):
    """An application for one person in a round; of one person only one lives.

    What is known to be a second one (``double``) waits for staff to merge it. Names and units are
    those of the day of submission; the answers to the form are encrypted.
    """

    __tablename__ = "selection_application"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        Index(
            "uq_selection_application_living",
            "round_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
        Index("ix_selection_application_round_id_state", "round_id", "state"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
        CheckConstraint("rank_in_body IS NULL OR rank_in_body >= 1", name="rank_in_body"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    # Given when it is submitted for the first time.
    number: Mapped[int | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    channel: Mapped[Channel] = mapped_column(named(Channel, "channel"))
    # The association's name, or the experts' with their titles and units.
    nominators: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # Whoever writes it: the person, the employer's account, the association's clerk, an expert.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    tier: Mapped[str] = mapped_column(String(40), default="")
    district: Mapped[str] = mapped_column(String(40), default="", index=True)
    occupation: Mapped[str] = mapped_column(String(60), default="")
    post: Mapped[Post | None] = mapped_column(named(Post, "post"))
    unit_kind: Mapped[UnitKind | None] = mapped_column(named(UnitKind, "unit_kind"))
    trade_since: Mapped[date | None]
    local_since: Mapped[date | None]
    retires_on: Mapped[date | None]
    support_percent: Mapped[Decimal | None] = mapped_column(Scaled(2))
    answers: Mapped[Any] = mapped_column(EncryptedJson("selection_application.answers"))
    state: Mapped[ApplicationState] = mapped_column(
        named(ApplicationState, "state"), default=ApplicationState.DRAFT
    )
    double: Mapped[bool] = mapped_column(default=False)
    imported: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("selection_application.id"))
    # Of its employer, district or association: the last body that ranked (R5.06).
    rank_in_body: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(400), default="")
    complete_until: Mapped[date | None]
    begun_at: Mapped[datetime] = mapped_column(Utc)
    saved_at: Mapped[datetime] = mapped_column(Utc)
    # When the button was pressed for the first time, for those who began before the end.
    submit_begun_at: Mapped[datetime | None] = mapped_column(Utc)
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    qualified_at: Mapped[datetime | None] = mapped_column(Utc)
    # Since when answers, details and files are forgotten (R9.01); the result stays.
    forgotten_at: Mapped[datetime | None] = mapped_column(Utc)
    # Of what was submitted last: answers, evidence, files.
    digest: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[SelectionRound] = relationship()
    person: Mapped[Person] = relationship()
    employer: Mapped[Employer | None] = relationship()
    evidence: Mapped[list["SelectionEvidence"]] = relationship(
        back_populates="application",
        order_by="SelectionEvidence.id",
        cascade="all, delete-orphan",
    )
    __mapper_args__ = {"version_id_col": version}


class SelectionEvidence(Base):
    """One achievement with its date; what the register knows names its row there (R5.14)."""

    __tablename__ = "selection_evidence"
    __table_args__ = (
        CheckConstraint("rank IS NULL OR rank >= 1", name="rank"),
        CheckConstraint("verified_by_id IS NULL OR verified_at IS NOT NULL", name="verified"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(named(EvidenceKind, "kind"))
    source: Mapped[EvidenceSource] = mapped_column(named(EvidenceSource, "source"))
    title: Mapped[str] = mapped_column(String(200))
    happened_on: Mapped[date | None]
    level: Mapped[HonourLevel | None] = mapped_column(named(HonourLevel, "level"))
    rank: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(60), default="")
    detail: Mapped[str] = mapped_column(Encrypted("selection_evidence.detail"), default="")
    honour_id: Mapped[int | None] = mapped_column(ForeignKey("honour.id"))
    # Staff looked at the paper, and it says so.
    verified_at: Mapped[datetime | None] = mapped_column(Utc)
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[SelectionApplication] = relationship(back_populates="evidence")
    honour: Mapped[Honour | None] = relationship()


class SelectionFile(Base):
    """A file of an application, of a step, an opinion, a visit or minutes; encrypted on the disk.

    ``rule`` names what kind of attachment it is by the rules of the round.
    """

    __tablename__ = "selection_file"
    __table_args__ = (
        UniqueConstraint("round_id", "holder", "holder_id", "sha256"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    # What it belongs to: application, step, opinion, visit, minutes, and the row's id.
    holder: Mapped[str] = mapped_column(String(20))
    holder_id: Mapped[int]
    rule: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(Encrypted("selection_file.title"))
    kind: Mapped[str] = mapped_column(String(10))
    pages: Mapped[int] = mapped_column(default=1)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
