"""The bureau's board of a round: how many are where, what is overdue, who has how much to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select

from models.accounts import Account
from models.database import db
from models.notices import Notice
from models.selection_applications import SelectionApplication
from models.selection_checks import SelectionOpinion, SelectionStep
from models.selection_reviews import SelectionReviewer, SelectionSheet
from models.selections import SelectionRound
from rules.selections import (
    ApplicationState,
    Channel,
    OpinionAnswer,
    ReviewerState,
    StepState,
)
from rules.states import NoticeState
from services import selections

_S = ApplicationState
# What an application has reached, from the first word typed to the list.
FUNNEL: tuple[tuple[str, frozenset[ApplicationState]], ...] = (
    ("begun", frozenset(_S) - {_S.MERGED}),
    ("submitted", frozenset(_S) - {_S.MERGED, _S.DRAFT, _S.WITHDRAWN}),
    ("qualified", frozenset({_S.QUALIFIED, _S.CHOSEN, _S.NOT_CHOSEN})),
    ("chosen", frozenset({_S.CHOSEN})),
)


DATES = ("checks", "opinions", "notice")


class StepLine(NamedTuple):
    """How many applications wait at a step of the chain, and how many for too long."""

    title: str
    waiting: int
    overdue: int


class OpinionLine(NamedTuple):
    """How many letters to a body are unanswered, and how many for too long."""

    title: str
    asked: int
    waiting: int
    overdue: int


class ReviewerLine(NamedTuple):
    """How many sheets a reviewer has signed."""

    name: str
    reserve: bool
    pledged: bool
    begun: int
    signed: int


@dataclass(frozen=True)
class Board:
    """All figures of a round."""

    states: Mapping[ApplicationState, int]
    channels: Mapping[Channel, int]
    districts: Sequence[tuple[str, int]]
    steps: Sequence[StepLine]
    opinions: Sequence[OpinionLine]
    reviewers: Sequence[ReviewerLine]

    @property
    def funnel(self) -> list[tuple[str, int]]:
        """Return how many have come how far."""
        return [
            (name, sum(self.states.get(state, 0) for state in states)) for name, states in FUNNEL
        ]


def board_of(row: SelectionRound, today: date) -> Board:
    """Count a round in a handful of statements, however many applications there are."""
    own = SelectionApplication.round_id == row.id
    submitted = and_(own, SelectionApplication.number.is_not(None))
    return Board(
        states=_counts(SelectionApplication.state, own),
        channels=_counts(SelectionApplication.channel, own),
        districts=[*_counts(SelectionApplication.district, submitted).items()],
        steps=_steps(row, today),
        opinions=_opinions(row, today),
        reviewers=_reviewers(row),
    )


def next_dates(row: SelectionRound, today: date) -> list[tuple[str, date]]:
    """Return the next day by which checks and opinions are due, and when the notice ends."""
    own = SelectionApplication.round_id == row.id
    steps = (
        select(func.min(SelectionStep.due_on))
        .join(SelectionApplication, SelectionApplication.id == SelectionStep.application_id)
        .where(own, SelectionStep.state == StepState.WAITING, SelectionStep.due_on >= today)
    )
    opinions = (
        select(func.min(SelectionOpinion.due_on))
        .join(SelectionApplication, SelectionApplication.id == SelectionOpinion.application_id)
        .where(own, SelectionOpinion.answer == OpinionAnswer.NONE)
        .where(SelectionOpinion.due_on >= today)
    )
    notice = select(func.max(Notice.ends_on)).where(
        Notice.contest_id == (row.contest_id or 0),
        Notice.state == NoticeState.POSTED,
        Notice.ends_on >= today,
    )
    parts = (steps.scalar_subquery(), opinions.scalar_subquery(), notice.scalar_subquery())
    found = db.session.execute(select(*parts)).one()
    return [(name, day) for name, day in zip(DATES, found, strict=True) if day is not None]


def _counts(column: Any, where: Any) -> dict[Any, int]:
    query = select(column, func.count()).where(where).group_by(column)
    found = {value: count for value, count in db.session.execute(query)}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _steps(row: SelectionRound, today: date) -> Sequence[StepLine]:
    late = func.sum(case((SelectionStep.due_on < today, 1), else_=0))
    query = (
        select(SelectionStep.key, func.count(), late)
        .join(SelectionApplication, SelectionApplication.id == SelectionStep.application_id)
        .where(
            SelectionApplication.round_id == row.id,
            SelectionApplication.state == ApplicationState.CHECKING,
            SelectionStep.state == StepState.WAITING,
            SelectionStep.reached_at.is_not(None),
        )
        .group_by(SelectionStep.key)
    )
    found = {key: (count, overdue) for key, count, overdue in db.session.execute(query)}
    chain = selections.rules_of(row).chain
    return [StepLine(step.title, *found.get(step.key, (0, 0))) for step in chain]


def _opinions(row: SelectionRound, today: date) -> Sequence[OpinionLine]:
    open_ = SelectionOpinion.answer == OpinionAnswer.NONE
    waits = func.sum(case((open_, 1), else_=0))
    late = func.sum(case((and_(open_, SelectionOpinion.due_on < today), 1), else_=0))
    query = (
        select(SelectionOpinion.body, func.count(), waits, late)
        .join(SelectionApplication, SelectionApplication.id == SelectionOpinion.application_id)
        .where(SelectionApplication.round_id == row.id)
        .group_by(SelectionOpinion.body)
    )
    found = {body: rest for body, *rest in db.session.execute(query)}
    return [
        OpinionLine(one.title, *found.get(one.key, (0, 0, 0)))
        for one in selections.rules_of(row).opinions
    ]


def _reviewers(row: SelectionRound) -> Sequence[ReviewerLine]:
    signed = func.sum(case((SelectionSheet.signed_at.is_not(None), 1), else_=0))
    query = (
        select(
            Account.title,
            SelectionReviewer.reserve,
            SelectionReviewer.pledged_at,
            func.count(SelectionSheet.id),
            signed,
        )
        .join(Account, Account.id == SelectionReviewer.account_id)
        .outerjoin(SelectionSheet, SelectionSheet.reviewer_id == SelectionReviewer.id)
        .where(
            SelectionReviewer.round_id == row.id,
            SelectionReviewer.state == ReviewerState.SEATED,
        )
        .group_by(SelectionReviewer.id, Account.title)
        .order_by(SelectionReviewer.number)
    )
    return [
        ReviewerLine(name, reserve, pledged is not None, begun, done or 0)
        for name, reserve, pledged, begun, done in db.session.execute(query)
    ]
