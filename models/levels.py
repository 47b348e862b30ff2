"""Level lists on their way to the assessment body and back, and the levels that people hold."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.awards import LevelGrant
from models.columns import EncryptedJson, Utc, named
from models.contests import Contest
from models.database import Base
from models.people import Person
from rules.level_checks import Settled
from rules.level_returns import LONGEST_NUMBER
from rules.states import LevelListState, ReturnState


class LevelList(Base):
    """A numbered list of recommended levels (晋级名册) for an assessment body."""

    __tablename__ = "level_list"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(String(120))
    state: Mapped[LevelListState] = mapped_column(
        named(LevelListState, "state"), default=LevelListState.DRAFT
    )
    note: Mapped[str] = mapped_column(String(400), default="")
    prepared_at: Mapped[datetime] = mapped_column(Utc)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    # Of the facts of the lines as they were approved; the file itself holds identity numbers.
    digest: Mapped[str] = mapped_column(String(64), default="")
    layout_id: Mapped[int | None] = mapped_column(ForeignKey("level_layout.id"))
    version: Mapped[int] = mapped_column(default=1)

    contest: Mapped[Contest] = relationship()
    lines: Mapped[list["LevelLine"]] = relationship(back_populates="list")
    prepared_by: Mapped[Account] = relationship(foreign_keys=[prepared_by_id])
    approved_by: Mapped[Account | None] = relationship(foreign_keys=[approved_by_id])
    __mapper_args__ = {"version_id_col": version}


class LevelLine(Base):
    """One person's recommended level in a list, checked, settled, and what came of it.

    A line is active unless it was dropped or its list withdrawn; the same occupation and level
    stands active once for a person, whatever the contest (R7.09).
    """

    __tablename__ = "level_line"
    __table_args__ = (
        UniqueConstraint("list_id", "grant_id"),
        Index(
            "uq_level_line_active",
            "person_id",
            "occupation",
            "level",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("level_list.id"))
    grant_id: Mapped[int] = mapped_column(ForeignKey("level_grant.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    occupation: Mapped[str] = mapped_column(String(60))
    level: Mapped[int]
    problems: Mapped[list[Any]] = mapped_column(JSON)
    has_problem: Mapped[bool] = mapped_column(default=False)
    settled: Mapped[Settled | None] = mapped_column(named(Settled, "settled"))
    reason: Mapped[str] = mapped_column(String(400), default="")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    list: Mapped[LevelList] = relationship(back_populates="lines")
    grant: Mapped[LevelGrant] = relationship()
    person: Mapped[Person] = relationship()


class PersonLevel(Base):
    """A level that a person holds in an occupation, with where it comes from."""

    __tablename__ = "person_level"
    __table_args__ = (
        UniqueConstraint("person_id", "occupation", "level"),
        Index(
            "uq_person_level_certificate_number",
            "certificate_number",
            unique=True,
            sqlite_where=text("certificate_number IS NOT NULL"),
            postgresql_where=text("certificate_number IS NOT NULL"),
        ),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    occupation: Mapped[str] = mapped_column(String(60))
    level: Mapped[int]
    certificate_number: Mapped[str | None] = mapped_column(String(LONGEST_NUMBER))
    granted_on: Mapped[date | None]
    line_id: Mapped[int | None] = mapped_column(ForeignKey("level_line.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(Utc)

    person: Mapped[Person] = relationship()


class LevelLayout(Base):
    """The columns in which an assessment body wants its list."""

    __tablename__ = "level_layout"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80), unique=True)
    columns: Mapped[list[Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class LevelReturn(Base):
    """A file that came back with certificate numbers: read, and not counted before confirmed."""

    __tablename__ = "level_return"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("level_list.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    rows: Mapped[Any] = mapped_column(EncryptedJson("level_return.rows"))
    state: Mapped[ReturnState] = mapped_column(
        named(ReturnState, "state"), default=ReturnState.PREVIEWED
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)

    list: Mapped[LevelList] = relationship()
