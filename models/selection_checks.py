"""The checks of applications: the chain of steps, clauses set aside, opinions, spreadsheets."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, EncryptedJson, Utc, named
from models.database import Base
from models.selection_applications import SelectionApplication
from rules.selections import OpinionAnswer, OpinionDealing, OverrideState, StepState
from rules.states import ReturnState


class SelectionStep(Base):
    """One step of the chain for one application; a returned one begins anew with the same row."""

    __tablename__ = "selection_step"
    __table_args__ = (
        UniqueConstraint("application_id", "key"),
        CheckConstraint(
            "notice_ends_on IS NULL OR notice_ends_on >= notice_starts_on", name="notice"
        ),
        CheckConstraint("rank IS NULL OR rank >= 1", name="rank"),
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
    # Among the candidates of this body (R5.06).
    rank: Mapped[int | None]
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
        CheckConstraint("(state = 'proposed') = (decided_by_id IS NULL)", name="decided"),
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
    # Why the second person rejected it.
    answer: Mapped[str] = mapped_column(String(400), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[SelectionApplication] = relationship()


class SelectionOpinion(Base):
    """What another body answered about one application, by letter (R5.09).

    An objection stops the application until two people have dealt with it.
    """

    __tablename__ = "selection_opinion"
    __table_args__ = (
        UniqueConstraint("application_id", "body"),
        CheckConstraint(
            "agreed_by_id IS NULL OR agreed_by_id <> dealt_by_id", name="second_person"
        ),
        CheckConstraint("(dealing IS NULL) = (dealt_by_id IS NULL)", name="dealt"),
        CheckConstraint("agreed_by_id IS NULL OR dealt_by_id IS NOT NULL", name="agreed"),
        CheckConstraint("dealing IS NULL OR answer = 'objection'", name="dealing_of"),
        CheckConstraint("(answer = 'none') = (answered_on IS NULL)", name="answered"),
    )

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
    # What becomes of the application after an objection: proposed by one, agreed by another.
    dealing: Mapped[OpinionDealing | None] = mapped_column(named(OpinionDealing, "dealing"))
    dealing_reason: Mapped[str | None] = mapped_column(
        Encrypted("selection_opinion.dealing_reason")
    )
    dealt_at: Mapped[datetime | None] = mapped_column(Utc)
    dealt_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(Utc)
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[SelectionApplication] = relationship()


class SelectionImport(Base):
    """A spreadsheet of a paper round, or of holders of past years: read, not counted yet."""

    __tablename__ = "selection_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("selection_round.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("selection_programme.id"))
    filename: Mapped[str] = mapped_column(String(200))
    rows: Mapped[Any] = mapped_column(EncryptedJson("selection_import.rows"))
    # The ids of what it made, so that it can be undone.
    made: Mapped[list[int]] = mapped_column(JSON, default=list)
    row_count: Mapped[int]
    problem_count: Mapped[int]
    state: Mapped[ReturnState] = mapped_column(
        named(ReturnState, "state"), default=ReturnState.PREVIEWED
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Utc)
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
