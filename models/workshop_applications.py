"""Applications for workshops: what the host says, what was found, and what was decided."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import EncryptedJson, Utc, named
from models.database import Base
from models.people import Employer, Person
from models.workshops import Workshop, WorkshopPolicy
from rules.workshops import (
    ApplicationKind,
    ApplicationState,
    HostKind,
    WorkshopLevel,
    WorkshopNaming,
)


class WorkshopApplication(Base):
    """An application of a host for its leader, or for a higher level of a standing workshop."""

    __tablename__ = "workshop_application"
    __table_args__ = (
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> site_by_id", name="second_person"
        ),
        CheckConstraint("kind = 'founding' OR workshop_id IS NOT NULL", name="step_up"),
        CheckConstraint(
            "notice_ends_on IS NULL OR notice_ends_on >= notice_starts_on", name="notice"
        ),
        Index(
            "uq_workshop_application_open",
            "workshop_id",
            unique=True,
            sqlite_where=text("state NOT IN ('founded', 'refused', 'withdrawn')"),
            postgresql_where=text("state NOT IN ('founded', 'refused', 'withdrawn')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[ApplicationKind] = mapped_column(named(ApplicationKind, "kind"))
    # Of a founding it is empty until the workshop is founded.
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("workshop_policy.id"))
    title: Mapped[str] = mapped_column(String(120))
    level: Mapped[WorkshopLevel] = mapped_column(named(WorkshopLevel, "level"), index=True)
    recognised_by: Mapped[str] = mapped_column(String(80), default="")
    naming: Mapped[WorkshopNaming] = mapped_column(named(WorkshopNaming, "naming"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    host_kind: Mapped[HostKind] = mapped_column(named(HostKind, "host_kind"))
    district: Mapped[str] = mapped_column(String(40), default="")
    occupation: Mapped[str] = mapped_column(String(60))
    cluster: Mapped[str] = mapped_column(String(60), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    room: Mapped[str] = mapped_column(String(400), default="")
    equipment: Mapped[str] = mapped_column(Text, default="")
    own_rules: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[str] = mapped_column(Text, default="")
    local_renown: Mapped[str] = mapped_column(String(400), default="")
    # The further masters by their ids; each apprentice by name with the day of the agreement.
    masters: Mapped[list[Any]] = mapped_column(JSON, default=list)
    apprentices: Mapped[Any] = mapped_column(EncryptedJson("workshop_application.apprentices"))
    state: Mapped[ApplicationState] = mapped_column(
        named(ApplicationState, "state"), default=ApplicationState.DRAFT, index=True
    )
    reason: Mapped[str] = mapped_column(String(400), default="")
    written_at: Mapped[datetime] = mapped_column(Utc)
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    checked_at: Mapped[datetime | None] = mapped_column(Utc)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    site_on: Mapped[date | None]
    site_people: Mapped[str] = mapped_column(String(200), default="")
    site_found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    site_note: Mapped[str] = mapped_column(Text, default="")
    site_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_on: Mapped[date | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    notice_starts_on: Mapped[date | None]
    notice_ends_on: Mapped[date | None] = mapped_column(index=True)
    notice_contact: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    workshop: Mapped[Workshop | None] = relationship()
    policy: Mapped[WorkshopPolicy] = relationship()
    leader: Mapped[Person] = relationship()
    employer: Mapped[Employer] = relationship()
    __mapper_args__ = {"version_id_col": version}
