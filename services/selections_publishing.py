"""Publish a round by a second person: its rules are frozen, with their digest."""

from models.database import db
from models.selections import SelectionAmendment, SelectionRound
from rules.refusals import Refused
from rules.selections import ROUND_MOVES, RoundState
from rules.states import moved
from rules.texts import N_
from services import audits
from services.acting import Actor
from services.selections import lock_round
from services.transaction import transaction


@transaction
def publish(by: Actor, round_id: int) -> int:
    """Publish a round as a second person: its rules are frozen as number 0."""
    row = lock_round(round_id)
    if row.written_by_id == by.account_id:
        raise Refused(N_("Somebody else must publish this: you have written it."))
    row.state = moved(ROUND_MOVES, row.state, RoundState.OPEN)
    row.published_at, row.published_by_id = by.now, by.account_id
    keep_version(by, row, 0)
    audits.record(by, "publish", "selection_round", row.id, after={"digest": row.digest})
    return row.id


def keep_version(by: Actor, row: SelectionRound, number: int, reason: str = "") -> None:
    """Part: keep the present rules of a round under a number."""
    version = SelectionAmendment(
        round_id=row.id,
        number=number,
        rules=row.rules,
        digest=row.digest,
        reason=reason,
        made_at=by.now,
        made_by_id=by.account_id,
    )
    db.session.add(version)
