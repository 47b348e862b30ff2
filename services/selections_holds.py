"""Until a round is decided, its list gives neither honours nor money nor certificates (R5.01)."""

from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from models.awards import AwardHonour
from models.database import db
from models.entries import EntryMember
from models.selection_applications import SelectionApplication
from models.selections import SelectionRound
from rules.selections import ROUND_MOVES, RoundState
from rules.states import moved
from services import audits
from services.acting import Actor


def waits(contest: Any) -> ColumnElement[bool]:
    """Return the condition that an edition carries the list of a round that is not decided."""
    own = aliased(SelectionRound)
    return exists().where(own.contest_id == contest, own.state != RoundState.DECIDED)


def take_back(by: Actor, contest_id: int) -> None:
    """Part: bring a round back to review whose list an upheld objection took back."""
    query = select(SelectionRound).where(SelectionRound.contest_id == contest_id)
    row = db.session.scalar(
        query.with_for_update(of=SelectionRound).execution_options(populate_existing=True)
    )
    if row is None or row.state not in (RoundState.PROPOSED, RoundState.DECIDED):
        return
    before = {"state": row.state}
    row.state = moved(ROUND_MOVES, row.state, RoundState.REVIEW)
    after = {"state": row.state}
    audits.record(by, "take_back", "selection_round", row.id, before=before, after=after)


def unit_kind(person: Any) -> Any:
    """Return as a column what somebody's unit is by the own application for the round's list."""
    query = (
        select(SelectionApplication.unit_kind)
        .where(
            SelectionApplication.round_id == SelectionRound.id,
            SelectionApplication.person_id == person,
            SelectionApplication.unit_kind.is_not(None),
        )
        .order_by(SelectionApplication.id.desc())
        .limit(1)
    )
    return query.correlate(SelectionRound, EntryMember, AwardHonour).scalar_subquery()
