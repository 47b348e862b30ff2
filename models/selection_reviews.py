"""How a round is reviewed: the panel, its sheets, pairs and ballots, visits, meetings (R5.15)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.columns import Encrypted, Utc, named
from models.database import Base
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.selections import BallotState, ProposalState, ReviewerState

_SEATED = text("state = 'seated'")


class SelectionReviewer(Base):
    """A seat of the panel of a round; reserves have higher numbers and no vote."""

    __tablename__ = "selection_reviewer"
    __table_args__ = (
        Index(
            "uq_selection_reviewer_account",
            "round_id",
            "account_id",
            unique=True,
            sqlite_where=_SEATED,
            postgresql_where=_SEATED,
        ),
        Index(
            "uq_selection_reviewer_number",
            "round_id",
            "number",
            unique=True,
            sqlite_where=_SEATED,
            postgresql_where=_SEATED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    number: Mapped[int]
    reserve: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ReviewerState] = mapped_column(
        named(ReviewerState, "state"), default=ReviewerState.SEATED
    )
    reason: Mapped[str] = mapped_column(String(400), default="")
    seated_at: Mapped[datetime] = mapped_column(Utc)
    # When this reviewer promised secrecy and named every conflict.
    pledged_at: Mapped[datetime | None] = mapped_column(Utc)

    round: Mapped[SelectionRound] = relationship()
    account: Mapped[Account] = relationship()


class SelectionDraw(Base):
    """The protocol of a draw of the panel: everybody gets the same seats from it again."""

    __tablename__ = "selection_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    # Who took part with which conflicts, and who was drawn in which order.
    protocol: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[datetime] = mapped_column(Utc)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class SelectionRecusal(Base):
    """One reviewer who does not review one application: found by the registers, or declared."""

    __tablename__ = "selection_recusal"
    __table_args__ = (UniqueConstraint("reviewer_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("selection_reviewer.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    declared: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(Utc)


class SelectionSheet(Base):
    """The marks of one reviewer for one application; signed ones don't change."""

    __tablename__ = "selection_sheet"
    __table_args__ = (UniqueConstraint("reviewer_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("selection_reviewer.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"), index=True)
    # Marks as written, by the key of the line.
    marks: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    note: Mapped[str | None] = mapped_column(Encrypted("selection_sheet.note"))
    saved_at: Mapped[datetime] = mapped_column(Utc)
    signed_at: Mapped[datetime | None] = mapped_column(Utc, index=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    # Who opened it again, and why: the marks that were signed stay in the record.
    reopened_reason: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[int] = mapped_column(default=1)

    reviewer: Mapped[SelectionReviewer] = relationship()
    application: Mapped[SelectionApplication] = relationship()
    __mapper_args__ = {"version_id_col": version}


class SelectionPair(Base):
    """Which of two applications one reviewer prefers; the first has the lower id."""

    __tablename__ = "selection_pair"
    __table_args__ = (
        UniqueConstraint("reviewer_id", "first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("better IN (-1, 0, 1)", name="better"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("selection_reviewer.id"))
    first_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"), index=True)
    # 1: the first is better, -1: the second, 0: as good as each other.
    better: Mapped[int]
    said_at: Mapped[datetime] = mapped_column(Utc)


class SelectionBallot(Base):
    """One ballot for the places of a tier, with more candidates than places (差额)."""

    __tablename__ = "selection_ballot"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("places >= 1", name="places"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    number: Mapped[int]
    tier: Mapped[str] = mapped_column(String(40), default="")
    # A run-off names the ballot that left places open.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("selection_ballot.id"))
    places: Mapped[int]
    candidates: Mapped[list[int]] = mapped_column(JSON)
    state: Mapped[BallotState] = mapped_column(
        named(BallotState, "state"), default=BallotState.OPEN
    )
    # After counting: votes by application, who is elected, how many papers were valid.
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(400), default="")
    opened_at: Mapped[datetime] = mapped_column(Utc)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    counted_at: Mapped[datetime | None] = mapped_column(Utc)


class SelectionVoter(Base):
    """That a reviewer has voted in a ballot; what the vote says is on no row with a name."""

    __tablename__ = "selection_voter"
    __table_args__ = (UniqueConstraint("ballot_id", "reviewer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("selection_ballot.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("selection_reviewer.id"), index=True)


class SelectionVote(Base):
    """One secret paper of a ballot; its key is drawn, so that its place tells nothing."""

    __tablename__ = "selection_vote"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("selection_ballot.id"), index=True)
    chosen: Mapped[list[int]] = mapped_column(JSON)


class SelectionVisit(Base):
    """A visit to a candidate's place of work: who went, what was found (考察)."""

    __tablename__ = "selection_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"), index=True)
    held_on: Mapped[date]
    people: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Encrypted("selection_visit.notes"))
    confirmed: Mapped[bool | None]
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[SelectionApplication] = relationship()
    __mapper_args__ = {"version_id_col": version}


class SelectionMeeting(Base):
    """A meeting of the panel or the committee: who was there, what was resolved."""

    __tablename__ = "selection_meeting"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("present >= 0 AND present <= members", name="present"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> recorded_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120), default="")
    chair: Mapped[str] = mapped_column(String(60))
    members: Mapped[int]
    present: Mapped[int]
    people: Mapped[str] = mapped_column(String(1000), default="")
    minutes: Mapped[str] = mapped_column(Encrypted("selection_meeting.minutes"))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Utc)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class SelectionProposal(Base):
    """A numbered proposal of a round: who is chosen for which tier, and why the others are not.

    ``revision_id`` is the signed list that carries it through notice and money once approved.
    """

    __tablename__ = "selection_proposal"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> made_by_id", name="second_person"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("selection_round.id"))
    number: Mapped[int]
    state: Mapped[ProposalState] = mapped_column(
        named(ProposalState, "state"), default=ProposalState.DRAFT
    )
    # What came of each floor and cap, by key; which candidates it moved.
    quotas: Mapped[list[Any]] = mapped_column(JSON, default=list)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(400), default="")
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("selection_meeting.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(Utc)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[SelectionRound] = relationship()
    lines: Mapped[list["SelectionLine"]] = relationship(
        back_populates="proposal", order_by="SelectionLine.position"
    )
    __mapper_args__ = {"version_id_col": version}


class SelectionLine(Base):
    """One application in a proposal: its place, its tier or none, and the reasons in data."""

    __tablename__ = "selection_line"
    __table_args__ = (UniqueConstraint("proposal_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("selection_proposal.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("selection_application.id"), index=True)
    position: Mapped[int]
    rank: Mapped[int | None]
    score: Mapped[str] = mapped_column(String(40), default="")
    # The key of the tier; empty: not chosen.
    tier: Mapped[str] = mapped_column(String(40), default="")
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)

    proposal: Mapped[SelectionProposal] = relationship(back_populates="lines")
    application: Mapped[SelectionApplication] = relationship()
