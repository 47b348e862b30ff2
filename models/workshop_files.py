"""Files that show what an application for a workshop or a yearly report says."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.columns import Encrypted, Utc
from models.database import Base
from models.workshop_applications import WorkshopApplication
from models.workshops import WorkshopReport


class WorkshopFile(Base):
    """An agreement, plan, picture or receipt; its bytes lie encrypted outside the database."""

    __tablename__ = "workshop_file"
    __table_args__ = (
        UniqueConstraint("application_id", "sha256"),
        UniqueConstraint("report_id", "sha256"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("(application_id IS NULL) <> (report_id IS NULL)", name="one_holder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("workshop_application.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("workshop_report.id"))
    # Agreements are often named after the apprentice.
    title: Mapped[str] = mapped_column(Encrypted("workshop_file.title"))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[str] = mapped_column(String(64), unique=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Utc)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[WorkshopApplication | None] = relationship()
    report: Mapped[WorkshopReport | None] = relationship()
