"""Contests of province, nation and world to which the city sends people: places and results."""

from datetime import date, datetime
from decimal import Decimal
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
from models.columns import EncryptedJson, Scaled, Utc, named
from models.contests import Contest, Event
from models.database import Base
from models.entries import Entry
from models.people import Employer, Person
from rules.provincial import (
    EntrantStatus,
    EventFormat,
    Medal,
    NamingState,
    ProvincialImportKind,
    ProvincialImportState,
    ProvincialLevel,
    ProvincialState,
    ResultState,
    SlotSource,
    SlotState,
)


class ProvincialContest(Base):
    """A contest above the city's: where, when, under which rules; its rules lie as data.

    ``carrier_id`` is the edition of kind external that takes the city's prizes through notice and
    payment. ``teams`` and ``own_rank`` are what the organiser's table of delegations says.
    """

    __tablename__ = "provincial_contest"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("own_rank IS NULL OR own_rank >= 1", name="own_rank"),
        CheckConstraint("teams IS NULL OR teams >= 1", name="teams"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    level: Mapped[ProvincialLevel] = mapped_column(named(ProvincialLevel, "level"))
    class_title: Mapped[str] = mapped_column(String(40), default="")
    edition: Mapped[str] = mapped_column(String(40), default="")
    year: Mapped[int] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(String(120), default="")
    organiser: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(String(160), default="")
    delegation_title: Mapped[str] = mapped_column(String(80), default="")
    entry_until: Mapped[date | None] = mapped_column(index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[ProvincialState] = mapped_column(
        named(ProvincialState, "state"), default=ProvincialState.PREPARING, index=True
    )
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_contest.id"))
    carrier_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), unique=True)
    teams: Mapped[int | None]
    own_rank: Mapped[int | None]
    is_public: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)

    carrier: Mapped[Contest | None] = relationship()
    events: Mapped[list["ProvincialEvent"]] = relationship(
        back_populates="contest", order_by="(ProvincialEvent.position, ProvincialEvent.id)"
    )
    __mapper_args__ = {"version_id_col": version}


class ProvincialImport(Base):
    """A file with past contests, results, or another city's entries; it can be undone as a whole.

    ``provincial_id`` names whose results it brings, ``contest_id`` the own contest whose entries
    come from another installation.
    """

    __tablename__ = "provincial_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ProvincialImportKind] = mapped_column(named(ProvincialImportKind, "kind"))
    state: Mapped[ProvincialImportState] = mapped_column(
        named(ProvincialImportState, "state"), default=ProvincialImportState.PREVIEWED
    )
    provincial_id: Mapped[int | None] = mapped_column(
        ForeignKey("provincial_contest.id"), index=True
    )
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    delegation: Mapped[str] = mapped_column(String(80), default="")
    digest: Mapped[str] = mapped_column(String(64))
    # The key that signed the file, by its thumbprint; empty where nobody signed it.
    signer: Mapped[str] = mapped_column(String(64), default="", server_default="")
    rows: Mapped[Any] = mapped_column(EncryptedJson("provincial_import.rows"))
    row_count: Mapped[int]
    problem_count: Mapped[int] = mapped_column(default=0)
    # What stood there before, so that all of it can be undone.
    before: Mapped[Any] = mapped_column(EncryptedJson("provincial_import.before"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(Utc)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Utc)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ProvincialEvent(Base):
    """One event of it: format, division, the city's quota, and how many started."""

    __tablename__ = "provincial_event"
    __table_args__ = (
        UniqueConstraint("contest_id", "code"),
        CheckConstraint("quota >= 0", name="quota"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("provincial_contest.id"))
    code: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(60))
    occupation: Mapped[str] = mapped_column(String(60), default="")
    format: Mapped[EventFormat] = mapped_column(named(EventFormat, "format"))
    division: Mapped[EntrantStatus | None] = mapped_column(named(EntrantStatus, "division"))
    is_demonstration: Mapped[bool] = mapped_column(default=False, server_default=false())
    quota: Mapped[int] = mapped_column(default=1)
    held_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    # Entries that started, and delegations that took part.
    field_size: Mapped[int | None]
    teams: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)

    contest: Mapped[ProvincialContest] = relationship(back_populates="events")
    links: Mapped[list["ProvincialLink"]] = relationship(
        back_populates="event", order_by="ProvincialLink.id", cascade="all, delete-orphan"
    )


class ProvincialLink(Base):
    """A contest of the city that selects for an event: its first so many are candidates (R1.29)."""

    __tablename__ = "provincial_link"
    __table_args__ = (
        UniqueConstraint("event_id", "selecting_id", "division"),
        CheckConstraint("top >= 1", name="top"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("provincial_event.id"))
    selecting_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    # The code of the division that counts; empty: all of them.
    division: Mapped[str] = mapped_column(String(10), default="")
    top: Mapped[int] = mapped_column(default=3)

    event: Mapped[ProvincialEvent] = relationship(back_populates="links")
    selecting: Mapped[Event] = relationship()


class ProvincialSlot(Base):
    """A person or team on the way to an event, with its state; ``reference`` names it everywhere.

    ``place`` is the order among reserves.
    """

    __tablename__ = "provincial_slot"
    __table_args__ = (
        Index("ix_provincial_slot_event_id_state", "event_id", "state"),
        CheckConstraint("source <> 'by_hand' OR reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("provincial_event.id"))
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[SlotState] = mapped_column(
        named(SlotState, "state"), default=SlotState.SELECTED, index=True
    )
    status: Mapped[EntrantStatus] = mapped_column(named(EntrantStatus, "status"))
    of_company: Mapped[bool | None]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"), index=True)
    source: Mapped[SlotSource] = mapped_column(named(SlotSource, "source"))
    source_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    source_rank: Mapped[int | None]
    place: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(400), default="")
    # What the organiser calls the entry.
    entry_number: Mapped[str] = mapped_column(String(40), default="")
    in_competition: Mapped[bool] = mapped_column(default=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_slot.id"))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[ProvincialEvent] = relationship()
    employer: Mapped[Employer | None] = relationship()
    source_entry: Mapped[Entry | None] = relationship()
    members: Mapped[list["ProvincialSlotMember"]] = relationship(
        back_populates="slot", order_by="ProvincialSlotMember.position"
    )
    coaches: Mapped[list["ProvincialCoach"]] = relationship(
        back_populates="slot", order_by="ProvincialCoach.position", cascade="all, delete-orphan"
    )
    result: Mapped["ProvincialResult | None"] = relationship(back_populates="slot")
    __mapper_args__ = {"version_id_col": version}


class ProvincialSlotMember(Base):
    """A person of a slot; nobody is on the way to one event twice.

    Of past contests only the name may be known.
    """

    __tablename__ = "provincial_slot_member"
    __table_args__ = (
        Index(
            "uq_provincial_slot_member_active",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("provincial_slot.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("provincial_event.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), default="", server_default="")
    position: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)

    slot: Mapped[ProvincialSlot] = relationship(back_populates="members")
    person: Mapped[Person | None] = relationship()

    @property
    def full_name(self) -> str:
        """Return the name: that of the person, or the one that a past contest's list gave."""
        return self.name if self.person is None else self.person.name


class ProvincialCoach(Base):
    """Somebody who trains a slot, and shares in what the city pays for its result (R4.05)."""

    __tablename__ = "provincial_coach"
    __table_args__ = (UniqueConstraint("slot_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("provincial_slot.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)

    slot: Mapped[ProvincialSlot] = relationship(back_populates="coaches")
    person: Mapped[Person] = relationship()


class ProvincialNaming(Base):
    """A decision who is named, in reserve or released in an event; two people make it (R1.29)."""

    __tablename__ = "provincial_naming"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"
        ),
        Index(
            "uq_provincial_naming_open",
            "event_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("provincial_event.id"))
    number: Mapped[int]
    state: Mapped[NamingState] = mapped_column(
        named(NamingState, "state"), default=NamingState.PROPOSED, index=True
    )
    lines: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(400))
    answer: Mapped[str] = mapped_column(String(400), default="")
    proposed_at: Mapped[datetime] = mapped_column(Utc)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    event: Mapped[ProvincialEvent] = relationship()
    proposed_by: Mapped[Account] = relationship(foreign_keys=[proposed_by_id])


class ProvincialResult(Base):
    """The organiser's result of a slot: recorded from a paper by one, confirmed by another."""

    __tablename__ = "provincial_result"
    __table_args__ = (
        CheckConstraint("rank IS NULL OR rank >= 1", name="rank"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id", name="second_person"
        ),
        CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("provincial_slot.id"), unique=True)
    rank: Mapped[int | None]
    total: Mapped[Decimal | None] = mapped_column(Scaled(6))
    medal: Mapped[Medal | None] = mapped_column(named(Medal, "medal"))
    # The prize as the organiser calls it: 一等奖, 优胜奖.
    prize: Mapped[str] = mapped_column(String(40), default="", index=True)
    document: Mapped[str] = mapped_column(String(160), default="")
    announced_on: Mapped[date | None]
    state: Mapped[ResultState] = mapped_column(
        named(ResultState, "state"), default=ResultState.RECORDED
    )
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_import.id"), index=True)
    # The scan of the organiser's paper; what an exchange file brings is proven by its digest.
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("provincial_file.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    slot: Mapped[ProvincialSlot] = relationship(back_populates="result")
    __mapper_args__ = {"version_id_col": version}


class ProvincialStanding(Base):
    """A line of the organiser's table of delegations: medals, events, points and place (R2.30)."""

    __tablename__ = "provincial_standing"
    __table_args__ = (UniqueConstraint("contest_id", "delegation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("provincial_contest.id"))
    delegation: Mapped[str] = mapped_column(String(80))
    is_own: Mapped[bool] = mapped_column(default=False)
    events: Mapped[int] = mapped_column(default=0)
    gold: Mapped[int] = mapped_column(default=0)
    silver: Mapped[int] = mapped_column(default=0)
    bronze: Mapped[int] = mapped_column(default=0)
    medallion: Mapped[int] = mapped_column(default=0)
    # As the organiser gives it; computed points stand beside it.
    given_rank: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(Utc)
