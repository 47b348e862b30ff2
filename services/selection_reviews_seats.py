"""The seats of a round's panel as the other parts of a review ask for them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.database import db
from models.selection_reviews import SelectionRecusal, SelectionReviewer
from models.selections import SelectionRound
from rules.refusals import Refused
from rules.selections import ReviewerState, RoundState
from rules.texts import N_


def seats_of(round_id: int, *, reserves: bool = False) -> Sequence[SelectionReviewer]:
    """List the reviewers who sit on the panel of a round, by number; reserves only if asked."""
    query = (
        select(SelectionReviewer)
        .options(joinedload(SelectionReviewer.account))
        .where(SelectionReviewer.round_id == round_id)
        .where(SelectionReviewer.state == ReviewerState.SEATED)
    )
    if not reserves:
        query = query.where(~SelectionReviewer.reserve)
    return db.session.scalars(query.order_by(SelectionReviewer.number)).all()


def is_seated(account_id: int, round_id: int) -> bool:
    """Say whether an account sits on the panel of a round."""
    query = select(SelectionReviewer.id).where(
        SelectionReviewer.round_id == round_id,
        SelectionReviewer.account_id == account_id,
        SelectionReviewer.state == ReviewerState.SEATED,
        ~SelectionReviewer.reserve,
    )
    return db.session.scalar(query) is not None


def spared_of(reviewer_ids: Collection[int]) -> dict[int, set[int]]:
    """Return by reviewer the applications that he is kept from."""
    query = select(SelectionRecusal.reviewer_id, SelectionRecusal.application_id).where(
        SelectionRecusal.reviewer_id.in_(reviewer_ids)
    )
    found: dict[int, set[int]] = {one: set() for one in reviewer_ids}
    for reviewer_id, application_id in db.session.execute(query):
        found[reviewer_id].add(application_id)
    return found


def check_reviewing(row: SelectionRound) -> None:
    """Part: refuse what belongs to the review before it began, and after its proposal."""
    if row.state is not RoundState.REVIEW:
        raise Refused(N_("This is possible while the round is under review."))


def check_pledged(seat: SelectionReviewer) -> None:
    """Part: refuse a reviewer who has not promised secrecy yet."""
    if seat.pledged_at is None:
        raise Refused(N_("Promise secrecy first, and name your conflicts."))
