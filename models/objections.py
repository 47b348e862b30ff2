"""Objections to public notices; who objects is known to the handlers only."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Utc, named
from models.contests import Event
from models.database import Base
from models.entries import Entry
from models.notices import Notice
from models.people import Person
from models.results import Revision
from rules.objections import Channel, Conclusion, Remedy
from rules.states import ObjectionState


class Objection(Base):
    """One objection: received, taken in hand, answered; while it is open it holds one person."""

    __tablename__ = "objection"
    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        CheckConstraint("(finding IS NULL) = (answered_at IS NULL)", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    # Whom it is about; without an entry it is about the notice as a whole and holds nobody.
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    # With a person it is about that person as such, in all entries of the edition.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[Channel] = mapped_column(named(Channel, "channel"))
    name: Mapped[str] = mapped_column(Encrypted("objection.name"))
    unit: Mapped[str | None] = mapped_column(Encrypted("objection.unit"))
    contact: Mapped[str] = mapped_column(Encrypted("objection.contact"))
    facts: Mapped[str] = mapped_column(Encrypted("objection.facts"))
    received_at: Mapped[datetime] = mapped_column(Utc)
    due_on: Mapped[date | None]
    state: Mapped[ObjectionState] = mapped_column(named(ObjectionState, "state"), index=True)
    reason: Mapped[str] = mapped_column(String(400), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    finding: Mapped[Conclusion | None] = mapped_column(named(Conclusion, "finding"))
    answer: Mapped[str | None] = mapped_column(Encrypted("objection.answer"))
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    carried_out_at: Mapped[datetime | None] = mapped_column(Utc)
    carried_out_note: Mapped[str] = mapped_column(String(400), default="")
    remedy: Mapped[Remedy | None] = mapped_column(named(Remedy, "remedy"))
    settled_at: Mapped[datetime | None] = mapped_column(Utc)

    notice: Mapped[Notice] = relationship()
    entry: Mapped[Entry | None] = relationship()
    person: Mapped[Person | None] = relationship()
    handler: Mapped[Account | None] = relationship(foreign_keys=[handler_id])


class ObjectionEffect(Base):
    """What an upheld objection changes in one event; it counts only in a new revision."""

    __tablename__ = "objection_effect"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    # What was signed before, and the revision that follows the objection.
    base_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))

    event: Mapped[Event] = relationship()
    entry: Mapped[Entry | None] = relationship()
    revision: Mapped[Revision | None] = relationship(foreign_keys=[revision_id])


class ObjectionFile(Base):
    """A file of an objection or of its answer; its bytes lie encrypted outside the database.

    What its sender called it may name the sender, so that it is encrypted too.
    """

    __tablename__ = "objection_file"
    __table_args__ = (
        UniqueConstraint("objection_id", "sha256"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), index=True)
    of_answer: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(Encrypted("objection_file.title"))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    # Of the bytes that were sent, so that the sender's own copy can be compared.
    sha256: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
