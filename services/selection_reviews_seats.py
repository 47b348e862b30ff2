"""What keeps a reviewer from voting, marking or comparing: conflicts, the state, the promise."""

from collections.abc import Collection

from sqlalchemy import select

from models.database import db
from models.selection_reviews import SelectionRecusal, SelectionReviewer
from models.selections import SelectionRound
from rules.refusals import Refused
from rules.selections import RoundState
from rules.texts import N_

NOT_UNDER_REVIEW = N_("This is possible while the round is under review.")


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
        raise Refused(NOT_UNDER_REVIEW)


def check_pledged(seat: SelectionReviewer) -> None:
    """Part: refuse a reviewer who has not promised secrecy yet."""
    if seat.pledged_at is None:
        raise Refused(N_("Promise secrecy first, and name your conflicts."))
