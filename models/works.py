"""Works: what judges see of an entry in one stage; a code, and nothing of who stands behind it."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import named
from models.contests import Division
from models.database import Base
from models.entries import Entry
from rules.ranking import EntryStatus


class Work(Base):
    """The work of one entry in one stage, known by its code.

    Who stands behind the code is empty while the layers of codes are sealed (R2.06); the rows are
    written in the order of the codes, so that nothing in them tells the entry.
    """

    __tablename__ = "work"
    __table_args__ = (
        UniqueConstraint("event_id", "stage", "code"),
        UniqueConstraint("entry_id", "stage"),
        Index("ix_work_event_id_status", "event_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    division_id: Mapped[int] = mapped_column(ForeignKey("division.id"), index=True)
    stage: Mapped[str] = mapped_column(String(40), default="")
    code: Mapped[str] = mapped_column(String(12))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    # What became of it in this stage; follows the entry while it is known who stands behind it.
    status: Mapped[EntryStatus] = mapped_column(
        named(EntryStatus, "status"), default=EntryStatus.COMPETED
    )
    remark: Mapped[str] = mapped_column(String(400), default="")

    division: Mapped[Division] = relationship()
    entry: Mapped[Entry | None] = relationship()
