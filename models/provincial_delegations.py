"""Training camps, the delegation, its papers, and what was sent to the organiser."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, EncryptedJson, Scaled, Utc, named
from models.contests import Contest
from models.database import Base
from models.entries import Entry
from models.people import Person
from models.provincial import ProvincialContest, ProvincialImport, ProvincialSlot
from rules.provincial import (
    ChangeKind,
    FilePurpose,
    FormKind,
    LayoutState,
    MemberRole,
    Presence,
)


class ProvincialCamp(Base):
    """A training before a superior's contest: when, where, who leads it."""

    __tablename__ = "provincial_camp"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("provincial_contest.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(120), default="")
    leader: Mapped[str] = mapped_column(String(60), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    contest: Mapped[ProvincialContest] = relationship()
    __mapper_args__ = {"version_id_col": version}


class ProvincialAttendance(Base):
    """Whether somebody was at the training on a day."""

    __tablename__ = "provincial_attendance"
    __table_args__ = (UniqueConstraint("camp_id", "day", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    camp_id: Mapped[int] = mapped_column(ForeignKey("provincial_camp.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("provincial_slot_member.id"), index=True)
    day: Mapped[date]
    presence: Mapped[Presence] = mapped_column(named(Presence, "presence"))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ProvincialTest(Base):
    """A test at the training, with the marks of those who took it."""

    __tablename__ = "provincial_test"
    __table_args__ = (CheckConstraint('"full" > 0', name="full"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    camp_id: Mapped[int] = mapped_column(ForeignKey("provincial_camp.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("provincial_event.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    day: Mapped[date]
    full: Mapped[Decimal] = mapped_column(Scaled(2))

    camp: Mapped[ProvincialCamp] = relationship()
    marks: Mapped[list["ProvincialTestMark"]] = relationship(back_populates="test")


class ProvincialTestMark(Base):
    """What a slot reached in a test; without a mark it did not take it."""

    __tablename__ = "provincial_test_mark"
    __table_args__ = (UniqueConstraint("test_id", "slot_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    test_id: Mapped[int] = mapped_column(ForeignKey("provincial_test.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("provincial_slot.id"), index=True)
    mark: Mapped[Decimal | None] = mapped_column(Scaled(2))
    note: Mapped[str] = mapped_column(Encrypted("provincial_test_mark.note"), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    test: Mapped[ProvincialTest] = relationship(back_populates="marks")


class ProvincialNote(Base):
    """What a coach writes down about a day of the training, or about one candidate."""

    __tablename__ = "provincial_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    camp_id: Mapped[int] = mapped_column(ForeignKey("provincial_camp.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_slot.id"), index=True)
    day: Mapped[date]
    text: Mapped[str] = mapped_column(Encrypted("provincial_note.text"))
    written_at: Mapped[datetime] = mapped_column(Utc)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ProvincialDelegation(Base):
    """Those who travel: one delegation a contest (R1.27)."""

    __tablename__ = "provincial_delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("provincial_contest.id"), unique=True)
    hotel: Mapped[str] = mapped_column(String(160), default="")
    leaves_on: Mapped[date | None]
    returns_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    contest: Mapped[ProvincialContest] = relationship()
    __mapper_args__ = {"version_id_col": version}


class ProvincialMember(Base):
    """Somebody who travels with the entrants: leader, coach, doctor, driver."""

    __tablename__ = "provincial_member"
    __table_args__ = (
        Index(
            "uq_provincial_member_leader",
            "delegation_id",
            unique=True,
            sqlite_where=text("role = 'leader'"),
            postgresql_where=text("role = 'leader'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("provincial_delegation.id"), index=True)
    role: Mapped[MemberRole] = mapped_column(named(MemberRole, "role"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str | None] = mapped_column(Encrypted("provincial_member.phone"))

    delegation: Mapped[ProvincialDelegation] = relationship()


class ProvincialVehicle(Base):
    """A vehicle of the delegation, its driver and its seats."""

    __tablename__ = "provincial_vehicle"
    __table_args__ = (
        UniqueConstraint("delegation_id", "plate"),
        CheckConstraint("seats >= 1", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("provincial_delegation.id"))
    plate: Mapped[str] = mapped_column(String(12))
    seats: Mapped[int]
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_member.id"))
    note: Mapped[str] = mapped_column(String(160), default="")

    driver: Mapped[ProvincialMember | None] = relationship()


class ProvincialPaper(Base):
    """A paper that must be valid on the days of the contest: insurance, licence, health check."""

    __tablename__ = "provincial_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("provincial_delegation.id"), index=True)
    holder: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(80))
    number: Mapped[str | None] = mapped_column(Encrypted("provincial_paper.number"))
    expires_on: Mapped[date | None] = mapped_column(index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_file.id"), index=True)


class ProvincialTask(Base):
    """A line of the delegation's checklist."""

    __tablename__ = "provincial_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("provincial_delegation.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Utc)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    done_by: Mapped[Account | None] = relationship()


class ProvincialFile(Base):
    """A paper of the contest: the call, proof of a change, a result; encrypted on the disk."""

    __tablename__ = "provincial_file"
    __table_args__ = (
        UniqueConstraint("contest_id", "purpose", "sha256"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("provincial_contest.id"))
    purpose: Mapped[FilePurpose] = mapped_column(named(FilePurpose, "purpose"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_slot.id"), index=True)
    title: Mapped[str] = mapped_column(Encrypted("provincial_file.title"))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ProvincialLayout(Base):
    """A Word form in the organiser's layout, approved by a second person."""

    __tablename__ = "provincial_layout"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        Index(
            "uq_provincial_layout_approved",
            "contest_id",
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
    contest_id: Mapped[int] = mapped_column(ForeignKey("provincial_contest.id"))
    number: Mapped[int]
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[LayoutState] = mapped_column(
        named(LayoutState, "state"), default=LayoutState.DRAFT
    )
    uploaded_at: Mapped[datetime] = mapped_column(Utc)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ProvincialForm(Base):
    """What was sent to the organiser, frozen; each change of it makes the next number."""

    __tablename__ = "provincial_form"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("(kind = 'first') = (number = 1)", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("provincial_contest.id"))
    number: Mapped[int]
    kind: Mapped[FormKind] = mapped_column(named(FormKind, "kind"))
    facts: Mapped[Any] = mapped_column(EncryptedJson("provincial_form.facts"))
    digest: Mapped[str] = mapped_column(String(64))
    places: Mapped[int]
    layout_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_layout.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    sent_at: Mapped[datetime] = mapped_column(Utc)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    word_key: Mapped[str] = mapped_column(String(64), unique=True)
    word_sha256: Mapped[str] = mapped_column(String(64))
    table_key: Mapped[str] = mapped_column(String(64), unique=True)
    table_sha256: Mapped[str] = mapped_column(String(64))

    contest: Mapped[ProvincialContest] = relationship()
    sent_by: Mapped[Account | None] = relationship()


class ProvincialChange(Base):
    """A change of an entry after the form was sent: who goes, who comes, why, with its proof."""

    __tablename__ = "provincial_change"
    __table_args__ = (
        CheckConstraint("(kind = 'replace') = (replacement_id IS NOT NULL)", name="replacement"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("provincial_form.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(named(ChangeKind, "kind"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("provincial_slot.id"), index=True)
    replacement_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_slot.id"))
    reason: Mapped[str] = mapped_column(String(400))
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_file.id"))
    made_at: Mapped[datetime] = mapped_column(Utc)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    form: Mapped[ProvincialForm] = relationship()
    slot: Mapped[ProvincialSlot] = relationship(foreign_keys=[slot_id])
    replacement: Mapped[ProvincialSlot | None] = relationship(foreign_keys=[replacement_id])


class ProvincialIntake(Base):
    """An entry of one of our own contests that another installation sent, by its reference."""

    __tablename__ = "provincial_intake"
    __table_args__ = (UniqueConstraint("contest_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("provincial_import.id"), index=True)
    reference: Mapped[str] = mapped_column(String(40))
    delegation: Mapped[str] = mapped_column(String(80))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)

    contest: Mapped[Contest] = relationship()
    entry: Mapped[Entry] = relationship()
    batch: Mapped[ProvincialImport] = relationship()


class ProvincialPeer(Base):
    """A key with which somebody else's installation signs, compared by people once."""

    __tablename__ = "provincial_peer"
    __table_args__ = (UniqueConstraint("title", "thumbprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The delegation that sends entries, or the organiser that gives results back.
    title: Mapped[str] = mapped_column(String(200))
    # The SHA-256 by which the key is named (RFC 7638).
    thumbprint: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(400), default="")

    added_by: Mapped[Account | None] = relationship()


class ProvincialHonour(Base):
    """A title that a result gives to one person, and its line in the register."""

    __tablename__ = "provincial_honour"
    __table_args__ = (UniqueConstraint("result_id", "person_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("provincial_result.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    honour_id: Mapped[int] = mapped_column(ForeignKey("honour.id"), unique=True)

    person: Mapped[Person] = relationship()
