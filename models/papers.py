"""Paper beside the screen: what clerks keyed, what was ruled on differences, scanned pages."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Scaled, Utc, named
from models.database import Base
from models.judging import MARK_PLACES, Sheet
from rules.papers import PageProblem, PageState


class Keying(Base):
    """One clerk's reading of one paper sheet; it never changes, it can only be set aside.

    A round ends when its keyings are set aside, because the paper itself was wrong or changed.
    """

    __tablename__ = "keying"
    __table_args__ = (
        UniqueConstraint("sheet_id", "round", "hand"),
        UniqueConstraint("sheet_id", "round", "account_id"),
        CheckConstraint("hand in (1, 2)", name="hand"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    round: Mapped[int]
    hand: Mapped[int]
    is_dropped: Mapped[bool] = mapped_column(default=False)
    keyed_at: Mapped[datetime] = mapped_column(Utc)

    values: Mapped[list["KeyedMark"]] = relationship(back_populates="keying")
    account: Mapped[Account] = relationship()


class KeyedMark(Base):
    """What one clerk read on one line of a paper sheet; an empty line has no row."""

    __tablename__ = "keyed_mark"
    __table_args__ = (UniqueConstraint("keying_id", "aspect"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    keying_id: Mapped[int] = mapped_column(ForeignKey("keying.id"))
    aspect: Mapped[str] = mapped_column(String(60))
    value: Mapped[Decimal] = mapped_column(Scaled(MARK_PLACES))

    keying: Mapped[Keying] = relationship(back_populates="values")


class PaperRuling(Base):
    """What counts on one line after a third look; the clerks' proposal needs both of them."""

    __tablename__ = "paper_ruling"
    __table_args__ = (UniqueConstraint("sheet_id", "round", "aspect"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    round: Mapped[int]
    aspect: Mapped[str] = mapped_column(String(60))
    value: Mapped[Decimal | None] = mapped_column(Scaled(MARK_PLACES))
    reason: Mapped[str] = mapped_column(String(400))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    is_final: Mapped[bool]
    is_dropped: Mapped[bool] = mapped_column(default=False)
    ruled_at: Mapped[datetime] = mapped_column(Utc)

    account: Mapped[Account] = relationship()


class Scan(Base):
    """One upload of scanned sheets: a PDF of many pages, or photos."""

    __tablename__ = "scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Utc)

    account: Mapped[Account] = relationship()
    files: Mapped[list["ScanFile"]] = relationship(order_by="ScanFile.position")


class ScanFile(Base):
    """One uploaded file; its bytes go once all its pages are kept one by one."""

    __tablename__ = "scan_file"
    __table_args__ = (
        UniqueConstraint("scan_id", "position"),
        UniqueConstraint("event_id", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    file_key: Mapped[str | None] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    pages_read: Mapped[int] = mapped_column(default=0)


class ScanPage(Base):
    """One scanned page as a picture of its own; a sheet's page is filed once."""

    __tablename__ = "scan_page"
    __table_args__ = (
        UniqueConstraint("scan_id", "number"),
        UniqueConstraint("sheet_id", "page"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"))
    number: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[PageState] = mapped_column(named(PageState, "state"))
    problem: Mapped[PageProblem] = mapped_column(named(PageProblem, "problem"))
    text: Mapped[str] = mapped_column(String(120))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("sheet.id"))
    page: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    read_at: Mapped[datetime] = mapped_column(Utc)

    sheet: Mapped[Sheet | None] = relationship()
    account: Mapped[Account | None] = relationship()
