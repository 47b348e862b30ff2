"""Public notices (公示) and the revisions they show."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Utc, named
from models.contests import Contest
from models.database import Base
from models.results import Revision
from rules.notices import Ordering
from rules.states import NoticeState


class Notice(Base):
    """A list put up for objections between two printed dates."""

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    working_days: Mapped[int]
    count_first_day: Mapped[bool]
    ordering: Mapped[Ordering] = mapped_column(
        named(Ordering, "ordering"), default=Ordering.AWARD, server_default=Ordering.AWARD
    )
    # The level of the edition's chain of notices; empty where there is no chain.
    level: Mapped[str] = mapped_column(String(20), default="", server_default="")
    state: Mapped[NoticeState] = mapped_column(
        named(NoticeState, "state"), default=NoticeState.POSTED
    )
    posted_at: Mapped[datetime] = mapped_column(Utc)
    closed_at: Mapped[datetime | None] = mapped_column(Utc)

    contest: Mapped[Contest] = relationship()
    items: Mapped[list["NoticeItem"]] = relationship(back_populates="notice")


class NoticeItem(Base):
    """One signed revision shown in a notice; one that was taken out does not end with it.

    What was taken out of an earlier notice comes back with the revision that it replaces, as a
    whole or with the lines that changed.
    """

    __tablename__ = "notice_item"
    __table_args__ = (UniqueConstraint("notice_id", "revision_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    taken_out_at: Mapped[datetime | None] = mapped_column(Utc)
    base_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    only_changes: Mapped[bool] = mapped_column(default=False, server_default=false())

    notice: Mapped[Notice] = relationship(back_populates="items")
    revision: Mapped[Revision] = relationship(foreign_keys=[revision_id])
    base_revision: Mapped[Revision | None] = relationship(foreign_keys=[base_revision_id])


class NoticeProof(Base):
    """The document that proves a notice of another body, such as the own unit's (R3.07).

    Of an employer, of a district, or of neither for the whole list. The bytes lie in a file.
    """

    __tablename__ = "notice_proof"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    level: Mapped[str] = mapped_column(String(20))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employer.id"))
    district: Mapped[str] = mapped_column(String(40), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    items: Mapped[list["NoticeProofItem"]] = relationship(back_populates="proof")


class NoticeProofItem(Base):
    """One signed revision for which a proof counts; a corrected list needs a new one."""

    __tablename__ = "notice_proof_item"
    __table_args__ = (UniqueConstraint("proof_id", "revision_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proof_id: Mapped[int] = mapped_column(ForeignKey("notice_proof.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)

    proof: Mapped[NoticeProof] = relationship(back_populates="items")
