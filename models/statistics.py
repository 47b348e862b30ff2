"""The counts of editions as they were last taken, so that a report need not read every entry."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Utc
from models.database import Base


class EditionTally(Base):
    """What an edition came to when it was last counted; counts only while the edition is the same.

    `details` are ages and marks item by item, which take long; they stay until the next count.
    """

    __tablename__ = "edition_tally"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    counted_at: Mapped[datetime] = mapped_column(Utc)
    tally: Mapped[dict[str, Any]] = mapped_column(JSON)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
