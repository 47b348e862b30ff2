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
