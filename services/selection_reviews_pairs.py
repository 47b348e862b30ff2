"""Candidates compared two by two by each reviewer, and the places that follow (R5.15)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from models.database import db
from models.selection_reviews import SelectionPair, SelectionReviewer
from models.selections import SelectionRound
from rules.refusals import Missing, Refused
from rules.selection_pairs import (
    PairStanding,
    Preference,
    open_pairs,
    pair_standings,
    pairs_for,
)
from rules.selections import ReviewerState
from rules.texts import N_
from services import audits, selections
from services.acting import Actor
from services.selection_reviews import own_seat, voters_of
from services.selection_reviews_ballots import candidates_of
from services.selection_reviews_seats import (
    check_pledged,
    check_reviewing,
    spared_of,
)
from services.transaction import transaction


@transaction
def compare(by: Actor, round_id: int, first_id: int, second_id: int, better: int) -> int:
    """Say which of two candidates is better (1 the first, -1 the second, 0 neither).

    Saying it again replaces what was said before, as long as the review goes on.
    """
    row = selections.lock_round(round_id)
    seat = _checked(by, row)
    pair = _pair(first_id, second_id)
    if pair not in pairs_for(seat.id, [*candidates_of(round_id)], spared_of([seat.id])[seat.id]):
        raise Missing(round_id)
    if better not in (-1, 0, 1):
        raise Refused(N_("Choose one of the two, or that they are equal."), "better")
    value = better if pair == (first_id, second_id) else -better
    found = _said(seat.id, pair)
    before = None if found is None else {"better": found.better}
    if found is None:
        found = SelectionPair(reviewer_id=seat.id, first_id=pair[0], second_id=pair[1])
        db.session.add(found)
    found.better, found.said_at = value, by.now
    db.session.flush()
    after = {"applications": list(pair), "better": value}
    audits.record(by, "compare", "selection_round", round_id, before=before, after=after)
    return found.id


def _checked(by: Actor, row: SelectionRound) -> SelectionReviewer:
    seat = own_seat(by.account_id, row.id)
    check_reviewing(row)
    check_pledged(seat)
    if selections.rules_of(row).review.method != "pairs":
        raise Refused(N_("This round is not reviewed in pairs."))
    return seat


def _pair(first_id: int, second_id: int) -> tuple[int, int]:
    return (min(first_id, second_id), max(first_id, second_id))


def _said(reviewer_id: int, pair: tuple[int, int]) -> SelectionPair | None:
    query = select(SelectionPair).where(
        SelectionPair.reviewer_id == reviewer_id,
        SelectionPair.first_id == pair[0],
        SelectionPair.second_id == pair[1],
    )
    return db.session.scalar(query.with_for_update())


@dataclass(frozen=True)
class Turn:
    """What a reviewer has to do: the next pair, and how many of all are done."""

    pair: tuple[int, int] | None
    done: int
    whole: int


def next_turn(seat: SelectionReviewer, names: Sequence[int]) -> Turn:
    """Return the next pair of a reviewer among candidates, in an order of his own."""
    spared = spared_of([seat.id])[seat.id]
    query = select(SelectionPair.first_id, SelectionPair.second_id).where(
        SelectionPair.reviewer_id == seat.id
    )
    done = {(first, second) for first, second in db.session.execute(query)}
    left = list(open_pairs(seat.id, names, spared, done))
    whole = len(pairs_for(seat.id, names, spared))
    return Turn(left[0] if left else None, whole - len(left), whole)


def standings_of(round_id: int, names: Sequence[int]) -> list[PairStanding]:
    """Return candidates of a round in the order that the pairs give."""
    return pair_standings(names, _preferences(round_id))


def _preferences(round_id: int) -> Iterator[Preference]:
    query = (
        select(
            SelectionPair.reviewer_id,
            SelectionPair.first_id,
            SelectionPair.second_id,
            SelectionPair.better,
        )
        .join(SelectionReviewer, SelectionReviewer.id == SelectionPair.reviewer_id)
        .where(SelectionReviewer.round_id == round_id)
        .where(SelectionReviewer.state == ReviewerState.SEATED, ~SelectionReviewer.reserve)
    )
    return (Preference(*row) for row in db.session.execute(query))


@dataclass(frozen=True)
class PairProgress:
    """How far a reviewer is with the pairs."""

    reviewer: SelectionReviewer
    done: int
    whole: int


def progress_of(round_id: int, names: Sequence[int]) -> Sequence[PairProgress]:
    """List how far each reviewer of a round is."""
    seats = voters_of(round_id)
    spared = spared_of([one.id for one in seats])
    query = (
        select(SelectionPair.reviewer_id, func.count())
        .where(SelectionPair.reviewer_id.in_([one.id for one in seats]))
        .where(SelectionPair.first_id.in_(names), SelectionPair.second_id.in_(names))
        .group_by(SelectionPair.reviewer_id)
    )
    done = {reviewer_id: count for reviewer_id, count in db.session.execute(query)}
    found = []
    for one in seats:
        left = len(set(names) - spared[one.id])
        found.append(PairProgress(one, done.get(one.id, 0), left * (left - 1) // 2))
    return found
