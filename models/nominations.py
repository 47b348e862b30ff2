"""Nominations to the province and the nation: calls, candidates, papers, sendings (R8)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, EncryptedJson, Utc, named
from models.database import Base
from models.honours import Honour
from models.people import Employer, Person
from rules.honours import HonourLevel
from rules.nominations import (
    CallState,
    FilePurpose,
    NominationObjectionState,
    NominationState,
    Nominee,
    ProposedBy,
    SentKind,
)
from rules.selections import Post, UnitKind
from rules.states import TemplateState

_PERSON_UNDER_WAY = text(
    "person_id IS NOT NULL AND state NOT IN ('granted', 'not_granted', 'declined', 'withdrawn')"
)
_EMPLOYER_UNDER_WAY = text(
    "person_id IS NULL AND state NOT IN ('granted', 'not_granted', 'declined', 'withdrawn')"
)


class NominationCall(Base):
    """A call of a superior body for names; its rules are frozen once a second person opens it.

    ``round_key`` names the superior's round: two papers about the same round share it, so that a
    candidate has one route in it (R8.04).
    """

    __tablename__ = "nomination_call"
    __table_args__ = (
        CheckConstraint("own_until <= superior_until", name="dates"),
        CheckConstraint(
            "opened_by_id IS NULL OR opened_by_id <> written_by_id", name="second_person"
        ),
        CheckConstraint("state NOT IN ('open', 'closed') OR opened_at IS NOT NULL", name="opened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    level: Mapped[HonourLevel] = mapped_column(named(HonourLevel, "level"))
    year: Mapped[int] = mapped_column(index=True)
    superior: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(String(160))
    round_key: Mapped[str] = mapped_column(String(80))
    own_until: Mapped[date]
    superior_until: Mapped[date] = mapped_column(index=True)
    contact: Mapped[str] = mapped_column(String(200), default="")
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[CallState] = mapped_column(
        named(CallState, "state"), default=CallState.DRAFT, index=True
    )
    written_at: Mapped[datetime] = mapped_column(Utc)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime | None] = mapped_column(Utc)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class NominationNotice(Base):
    """A notice of the bureau's own about names that it will send upward (R8.04)."""

    __tablename__ = "nomination_notice"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("nomination_call.id"))
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)
    working_days: Mapped[int]
    counts_first_day: Mapped[bool]
    contact: Mapped[str] = mapped_column(String(200))
    posted_at: Mapped[datetime] = mapped_column(Utc)
    posted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    call: Mapped[NominationCall] = relationship()


class Nomination(Base):
    """A person or an employer who is named for one list of a call."""

    __tablename__ = "nomination"
    __table_args__ = (
        CheckConstraint("(of = 'person') = (person_id IS NOT NULL)", name="of_person"),
        CheckConstraint("of = 'person' OR employer_id IS NOT NULL", name="employer"),
        CheckConstraint("rank IS NULL OR rank >= 1", name="rank"),
        CheckConstraint(
            "approved_by_id IS NULL OR checked_by_id IS NULL OR approved_by_id <> checked_by_id",
            name="second_person",
        ),
        CheckConstraint(
            "state NOT IN ('granted', 'not_granted') OR outcome_on IS NOT NULL", name="outcome"
        ),
        # One route per candidate in a superior's round (R8.04).
        Index(
            "uq_nomination_person",
            "round_key",
            "person_id",
            unique=True,
            sqlite_where=_PERSON_UNDER_WAY,
            postgresql_where=_PERSON_UNDER_WAY,
        ),
        Index(
            "uq_nomination_employer",
            "round_key",
            "employer_id",
            unique=True,
            sqlite_where=_EMPLOYER_UNDER_WAY,
            postgresql_where=_EMPLOYER_UNDER_WAY,
        ),
        Index("ix_nomination_call_id_state", "call_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("nomination_call.id"))
    round_key: Mapped[str] = mapped_column(String(80))
    list_key: Mapped[str] = mapped_column(String(40))
    of: Mapped[Nominee] = mapped_column(named(Nominee, "of"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Of a person the unit of the day; of a list of employers the candidate.
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    proposed_by: Mapped[ProposedBy] = mapped_column(named(ProposedBy, "proposed_by"))
    state: Mapped[NominationState] = mapped_column(
        named(NominationState, "state"), default=NominationState.DRAFT
    )
    rank: Mapped[int | None]
    # What the registers don't know, and conditions ask for.
    post: Mapped[Post | None] = mapped_column(named(Post, "post"))
    unit_kind: Mapped[UnitKind | None] = mapped_column(named(UnitKind, "unit_kind"))
    occupation: Mapped[str] = mapped_column(String(60), default="")
    trade_since: Mapped[date | None]
    local_since: Mapped[date | None]
    retires_on: Mapped[date | None]
    # Whether the unit belongs to a central enterprise (R8.03); none: not said yet.
    central: Mapped[bool | None]
    # Why this one, and the merits as the superior wants to read them.
    reasons: Mapped[str] = mapped_column(Encrypted("nomination.reasons"), default="")
    merits: Mapped[str] = mapped_column(Encrypted("nomination.merits"), default="")
    evidence: Mapped[Any] = mapped_column(EncryptedJson("nomination.evidence"))
    answers: Mapped[Any] = mapped_column(EncryptedJson("nomination.answers"))
    # A place in contests that brings a candidate forward, no more (R8.06).
    preferred: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(String(400), default="")
    complete_until: Mapped[date | None]
    written_at: Mapped[datetime] = mapped_column(Utc)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    handed_in_at: Mapped[datetime | None] = mapped_column(Utc)
    checked_at: Mapped[datetime | None] = mapped_column(Utc)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("nomination_notice.id"), index=True)
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome_on: Mapped[date | None]
    outcome_document: Mapped[str] = mapped_column(String(160), default="")
    outcome_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    honour_id: Mapped[int | None] = mapped_column(ForeignKey("honour.id"))
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[NominationCall] = relationship()
    person: Mapped[Person | None] = relationship()
    employer: Mapped[Employer | None] = relationship()
    notice: Mapped[NominationNotice | None] = relationship()
    honour: Mapped[Honour | None] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """Return who is named."""
        holder = self.person.name if self.person is not None else None
        return holder or (self.employer.title if self.employer is not None else "")


class NominationFile(Base):
    """The superior's call, a material of a pack, or proof of an outcome; encrypted on the disk."""

    __tablename__ = "nomination_file"
    __table_args__ = (
        UniqueConstraint("call_id", "nomination_id", "purpose", "sha256"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("pages > 0", name="pages"),
        CheckConstraint("(purpose = 'call') = (nomination_id IS NULL)", name="holder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("nomination_call.id"), index=True)
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"), index=True)
    purpose: Mapped[FilePurpose] = mapped_column(named(FilePurpose, "purpose"))
    # Which material of the list's rules it is, and its place among those of the same kind.
    material: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(Encrypted("nomination_file.title"))
    kind: Mapped[str] = mapped_column(String(10))
    pages: Mapped[int] = mapped_column(default=1)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class NominationForm(Base):
    """A version of a form in the superior's layout (Word), approved by a second person."""

    __tablename__ = "nomination_form"
    __table_args__ = (
        UniqueConstraint("call_id", "list_key", "form", "number"),
        Index(
            "uq_nomination_form_approved",
            "call_id",
            "list_key",
            "form",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> uploaded_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("nomination_call.id"))
    list_key: Mapped[str] = mapped_column(String(40))
    form: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[TemplateState] = mapped_column(
        named(TemplateState, "state"), default=TemplateState.DRAFT
    )
    uploaded_at: Mapped[datetime] = mapped_column(Utc)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    call: Mapped[NominationCall] = relationship()


class NominationObjection(Base):
    """What somebody brings up against a name in a notice, as staff wrote it down."""

    __tablename__ = "nomination_objection"
    __table_args__ = (CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("nomination_notice.id"))
    received_on: Mapped[date]
    objector: Mapped[str] = mapped_column(Encrypted("nomination_objection.objector"))
    contact: Mapped[str] = mapped_column(Encrypted("nomination_objection.contact"))
    text: Mapped[str] = mapped_column(Encrypted("nomination_objection.text"))
    state: Mapped[NominationObjectionState] = mapped_column(
        named(NominationObjectionState, "state"), default=NominationObjectionState.OPEN
    )
    answer: Mapped[str] = mapped_column(Encrypted("nomination_objection.answer"), default="")
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    nomination: Mapped[Nomination] = relationship()


class NominationSending(Base):
    """What was sent to the superior, frozen; a later change makes the next number."""

    __tablename__ = "nomination_sending"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("nomination_call.id"))
    number: Mapped[int]
    # Over the digests of all its files.
    digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(400), default="")
    sent_at: Mapped[datetime] = mapped_column(Utc)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    call: Mapped[NominationCall] = relationship()
    sent_by: Mapped[Account | None] = relationship()
    files: Mapped[list["NominationSentFile"]] = relationship(
        back_populates="sending", order_by="NominationSentFile.id"
    )


class NominationSentFile(Base):
    """One file as it was sent: a pack, a filled form, or the list of all candidates."""

    __tablename__ = "nomination_sent_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("(kind = 'list') = (nomination_id IS NULL)", name="holder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sending_id: Mapped[int] = mapped_column(ForeignKey("nomination_sending.id"), index=True)
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nomination.id"), index=True)
    kind: Mapped[SentKind] = mapped_column(named(SentKind, "kind"))
    title: Mapped[str] = mapped_column(Encrypted("nomination_sent_file.title"))
    pages: Mapped[int] = mapped_column(default=1)
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))

    sending: Mapped[NominationSending] = relationship(back_populates="files")
