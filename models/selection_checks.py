"""The checks of applications: the chain of steps, clauses set aside, opinions, spreadsheets."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, EncryptedJson, Utc, named
from models.database import Base
from models.selection_applications import SelectionApplication
from rules.selections import OpinionAnswer, OverrideState, StepState
from rules.states import ImportState


class SelectionStep(Base):
    """One step of the chain for one application; a returned one begins anew with the same row."""

    __tablename__ = "selection_step"
    __table_args__ = (
        UniqueConstraint("application_id", "key"),
        CheckConstraint(
            "notice_ends_on IS NULL OR notice_ends_on >= notice_starts_on", name="notice"
        ),
        Index("ix_selection_step_state_due_on", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"))
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    state: Mapped[StepState] = mapped_column(named(StepState, "state"), default=StepState.WAITING)
    # Since when it waits here, and until when it should be done; None before its turn.
    reached_at: Mapped[datetime | None] = mapped_column(Utc)
    due_on: Mapped[date | None]
    checked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str | None] = mapped_column(Encrypted("selection_step.note"))
    notice_starts_on: Mapped[date | None]
    notice_ends_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Utc)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[SelectionApplication] = relationship()
    done_by: Mapped[Account | None] = relationship()


class SelectionOverride(Base):
    """A clause that one application need not fulfil, by two people, with the reason."""

    __tablename__ = "selection_override"
    __table_args__ = (
        UniqueConstraint("application_id", "clause"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"))
    clause: Mapped[str] = mapped_column(String(40))
    state: Mapped[OverrideState] = mapped_column(
        named(OverrideState, "state"), default=OverrideState.PROPOSED
    )
    reason: Mapped[str] = mapped_column(String(400))
    proposed_at: Mapped[datetime] = mapped_column(Utc)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[SelectionApplication] = relationship()


class SelectionOpinion(Base):
    """What another body answered about one application, by letter (R5.09)."""

    __tablename__ = "selection_opinion"
    __table_args__ = (UniqueConstraint("application_id", "body"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"))
    body: Mapped[str] = mapped_column(String(40))
    letter: Mapped[str] = mapped_column(String(80), default="")
    asked_on: Mapped[date]
    due_on: Mapped[date] = mapped_column(index=True)
    answer: Mapped[OpinionAnswer] = mapped_column(
        named(OpinionAnswer, "answer"), default=OpinionAnswer.NONE
    )
    answered_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Encrypted("selection_opinion.note"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[SelectionApplication] = relationship()


class SelectionImport(Base):
    """A spreadsheet of a paper round, or of holders of past years: read, not counted yet."""

    __tablename__ = "selection_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("selection_round.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("selection_programme.id"))
    filename: Mapped[str] = mapped_column(String(200))
    rows: Mapped[Any] = mapped_column(EncryptedJson("selection_import.rows"))
    row_count: Mapped[int]
    problem_count: Mapped[int]
    state: Mapped[ImportState] = mapped_column(
        named(ImportState, "state"), default=ImportState.PREVIEWED
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
